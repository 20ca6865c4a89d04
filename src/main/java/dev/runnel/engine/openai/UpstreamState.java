package dev.runnel.engine.openai;

import dev.runnel.engine.openai.OpenAiSettings.Deadlines;
import dev.runnel.net.http1.ChunkedBody;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The state of one request to an upstream. The records' only methods are the legal moves, and what depends on the state
 * alone. Times are nanoseconds of one clock.
 *
 * <pre>
 *  {@link Connecting}                        the HTTP client limits it: deadlines.connect
 *      │ {@link Connecting#sent}
 *      ▼
 *  {@link AwaitingHead}                      deadlines.firstByte ────────── {@link AwaitingHead#refused} ──────┐
 *      │ {@link AwaitingHead#answered}                                                     │
 *      ▼                                                               │
 *  {@link AwaitingText}                      deadlines.firstByte from the last event ───────┤
 *      │ {@link AwaitingText#started}                                                      │
 *      ▼                                                               │ {@link Reading#finished}
 *  {@link Streaming}                         deadlines.idle from the last event ────────────┤
 *      │ {@link Streaming#finishing}, {@link AwaitingText#finishing}                               ▼
 *      ▼                                                              {@link Tail}
 *  {@link Finishing}                         {@link #TAIL} from the finish reason ───────────▶ {@link #TAIL}
 *      │ {@link Reading#received}: also from AwaitingText and Streaming                │
 *      ▼                                                               ▼
 *  {@link Received} ──────────────────────────────────────────────────────▶ {@link Closed}
 * </pre>
 *
 * {@link AwaitingHead#refusing} leads to {@link Refusing}, and from there to {@link Closed}. {@link Finishing#resumed}
 * leads back to {@link Streaming}.
 *
 * <p>Every state but {@link Closed} also moves there directly, by {@link Live#closed}: the caller cancels, the
 * connection or the stream breaks, or the deadline passes. In {@link Tail} and {@link Closed} the end has been
 * reported; in the others it has not.
 */
sealed interface UpstreamState {

    /** How long the rest of an answer may take after its end is known, so that its connection can be reused. */
    Duration TAIL = Duration.ofSeconds(1);

    /** How many bytes of that rest are read. */
    int TAIL_BYTES = 64 * 1024;

    /**
     * An idle connection that the upstream has closed breaks at once when it is used. One that breaks later had work.
     */
    Duration STALE = Duration.ofSeconds(1);

    /** Every state but the last. */
    sealed interface Live extends UpstreamState {

        default Closed closed() {
            return new Closed();
        }
    }

    /** The end is not reported yet. */
    sealed interface Open extends Live {}

    /** The upstream works on the request. */
    sealed interface Connected extends Live {

        HttpClientRequest request();

        /** The longest silence; for {@link Finishing} and {@link Tail} the whole time. */
        Duration deadline(Deadlines deadlines);
    }

    /** The head of a stream has arrived, and its events are read. */
    sealed interface Reading extends Open, Connected {

        /** The state after what has arrived: this one, or the next. */
        Reading next(DeltaReader deltas);

        /** No more bytes will arrive. */
        default Received received() {
            return new Received();
        }

        /** The end of the text is known and reported. */
        default Tail finished() {
            return new Tail(request(), TAIL_BYTES);
        }
    }

    /** There is no connection yet. */
    record Connecting() implements Open {

        /**
         * The request is sent.
         *
         * @param body reads the response's body directly, where that is possible
         * @param reused whether the connection has carried a request before
         */
        AwaitingHead sent(HttpClientRequest request, Optional<ChunkedBody> body, boolean reused, long nowNanos) {
            return new AwaitingHead(request, body, reused, nowNanos);
        }
    }

    /** The request is sent, and its response has not arrived. */
    record AwaitingHead(HttpClientRequest request, Optional<ChunkedBody> body, boolean reused, long sentNanos)
            implements Open, Connected {

        /** Whether a connection that breaks now was most likely closed by the upstream because it was idle. */
        boolean isStale(long nowNanos) {
            return reused && nowNanos - sentNanos < STALE.toNanos();
        }

        /** A stream starts. */
        AwaitingText answered() {
            return new AwaitingText(request);
        }

        /** The response refuses the request, and its body has the reason. */
        Refusing refusing(int status) {
            return new Refusing(request, status, new BoundedBytes(RefusalReason.LIMIT_BYTES));
        }

        /** The response is not a stream, and the end is reported. */
        Tail refused() {
            return new Tail(request, TAIL_BYTES);
        }

        @Override
        public Duration deadline(Deadlines deadlines) {
            return deadlines.firstByte();
        }
    }

    /** The reason of a refusal is read. {@link Live#closed} is its only end. */
    record Refusing(HttpClientRequest request, int status, BoundedBytes reason) implements Open, Connected {

        /** Keeps the bytes up to the limit; returns whether there is room for more. */
        boolean read(byte[] bytes, int from, int end) {
            int room = RefusalReason.LIMIT_BYTES - reason.length();
            reason.add(bytes, from, Math.min(end, from + room));
            return end - from < room;
        }

        @Override
        public Duration deadline(Deadlines deadlines) {
            return TAIL;
        }
    }

    /** No text has arrived. The deadline goes on from {@link AwaitingHead}, and every event extends it. */
    record AwaitingText(HttpClientRequest request) implements Reading {

        @Override
        public Reading next(DeltaReader deltas) {
            return deltas.isFinished() ? finishing() : deltas.hasProgress() ? started() : this;
        }

        /** The first text has arrived, or the first reasoning. */
        Streaming started() {
            return new Streaming(request);
        }

        Finishing finishing() {
            return new Finishing(request);
        }

        @Override
        public Duration deadline(Deadlines deadlines) {
            return deadlines.firstByte();
        }
    }

    /** Text arrives. */
    record Streaming(HttpClientRequest request) implements Reading {

        @Override
        public Reading next(DeltaReader deltas) {
            return deltas.isFinished() ? finishing() : this;
        }

        Finishing finishing() {
            return new Finishing(request);
        }

        @Override
        public Duration deadline(Deadlines deadlines) {
            return deadlines.idle();
        }
    }

    /** A finish reason without text has arrived; the usage and {@code [DONE]} may follow. */
    record Finishing(HttpClientRequest request) implements Reading {

        @Override
        public Reading next(DeltaReader deltas) {
            return deltas.isFinished() ? this : resumed();
        }

        /** More text has arrived: it was no end. */
        Streaming resumed() {
            return new Streaming(request);
        }

        @Override
        public Duration deadline(Deadlines deadlines) {
            return TAIL;
        }
    }

    /** No more bytes will arrive: there is no connection to reset. */
    record Received() implements Open {}

    /**
     * The end is reported. The rest of the answer is read and ignored.
     *
     * @param bytesLeft negative after too long a rest
     */
    record Tail(HttpClientRequest request, int bytesLeft) implements Connected {

        Tail read(int bytes) {
            return new Tail(request, bytesLeft - bytes);
        }

        boolean isTooLong() {
            return bytesLeft < 0;
        }

        @Override
        public Duration deadline(Deadlines deadlines) {
            return TAIL;
        }
    }

    /** The end is reported or the request aborted, and the connection is free or closed. */
    record Closed() implements UpstreamState {}
}
