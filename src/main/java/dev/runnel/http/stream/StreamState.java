package dev.runnel.http.stream;

import dev.runnel.client.ClientGeneration;
import dev.runnel.message.Finished;
import io.vertx.core.AsyncResult;

/**
 * Where a stream stands. The records' only methods are the legal moves:
 *
 * <pre>
 *                 {@link Submitting#accepted}         {@link Open#ended}          {@link Ending#told}
 *   {@link Submitting} ────────────▶ {@link Open} ────────────▶ {@link Ending} ────────────▶ {@link Closed}
 *        │                        │                       │                            ▲
 *        └────────────────────────┴───────────────────────┴────────────────────────────┘
 *           {@link Submitting#over}, {@link Open#over}, {@link Ending#over}: refused, client gone, client stalled, not
 *           writable
 * </pre>
 */
sealed interface StreamState {

    /** The headers are out, the terminal event is not. */
    sealed interface Live extends StreamState {

        EventFormat format();

        Closed over();
    }

    /** No generator has answered yet, and the client has no byte. */
    record Submitting() implements StreamState {

        Open accepted(ClientGeneration generation, EventFormat format) {
            return new Open(generation, format);
        }

        Closed over() {
            return new Closed();
        }
    }

    /** Deltas come in and go out. */
    record Open(ClientGeneration generation, EventFormat format) implements Live {

        Ending ended(AsyncResult<Finished> how) {
            return new Ending(format, how);
        }

        @Override
        public Closed over() {
            return new Closed();
        }
    }

    /** The generation is over; the client takes what it has missed, then the terminal event. */
    record Ending(EventFormat format, AsyncResult<Finished> how) implements Live {

        Closed told() {
            return new Closed();
        }

        @Override
        public Closed over() {
            return new Closed();
        }
    }

    /** Nothing is sent any more. */
    record Closed() implements StreamState {}
}
