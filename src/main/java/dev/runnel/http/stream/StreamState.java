package dev.runnel.http.stream;

import dev.runnel.message.Finished;
import io.vertx.core.AsyncResult;

/**
 * The state of a stream. The records' only methods are the legal moves:
 *
 * <pre>
 *                 {@link Submitting#accepted}         {@link Open#ended}          {@link Ending#sent}
 *   {@link Submitting} ────────────▶ {@link Open} ────────────▶ {@link Ending} ────────────▶ {@link Closed}
 *        │                        │                       │                            ▲
 *        └────────────────────────┴───────────────────────┴────────────────────────────┘
 *           {@link Submitting#close}, {@link Open#close}, {@link Ending#close}:
 *           refused, client gone, client stalled, not writable
 * </pre>
 */
sealed interface StreamState {

    /** The headers are out, the terminal event is not. */
    sealed interface Live extends StreamState {

        StreamFormat format();

        Closed close();
    }

    /** No generator has answered yet, and no byte was sent to the client. */
    record Submitting() implements StreamState {

        Open accepted(StreamSource source, StreamFormat format) {
            return new Open(source, format);
        }

        Closed close() {
            return new Closed();
        }
    }

    /** Deltas come in and go out. */
    record Open(StreamSource source, StreamFormat format) implements Live {

        Ending ended(AsyncResult<Finished> how) {
            return new Ending(format, how);
        }

        @Override
        public Closed close() {
            return new Closed();
        }
    }

    /** The generation has ended. The client is sent what it has missed, then the terminal event. */
    record Ending(StreamFormat format, AsyncResult<Finished> how) implements Live {

        Closed sent() {
            return new Closed();
        }

        @Override
        public Closed close() {
            return new Closed();
        }
    }

    /** Nothing more is sent. */
    record Closed() implements StreamState {}
}
