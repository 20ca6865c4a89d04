package dev.runnel.engine.openai;

/**
 * The state of an upstream's circuit breaker: whether the upstream gets requests. Times are nanoseconds of one clock.
 *
 * <pre>
 *               {@link Closed#failed}                  {@link Open#tried}
 *   Closed ──────────────────▶ Open ──────────────────▶ HalfOpen
 *    ▲                        ▲    ▲                       │   │
 *    │                        │    └───{@link HalfOpen#failed}, {@link HalfOpen#abandoned}───┘   │
 *    └────────────────────────┴──────────{@link HalfOpen#answered}────────────────┘
 * </pre>
 *
 * The pause grows with the count of failures in a row. {@link Closed#completed} resets that count.
 */
sealed interface CircuitState {

    CircuitState UNTRIED = new Closed(0);

    int failures();

    /** The upstream gets requests. */
    record Closed(int failures) implements CircuitState {

        /** A text was complete. */
        CircuitState completed() {
            return failures == 0 ? this : UNTRIED;
        }

        Open failed(long untilNanos) {
            return new Open(failures + 1, untilNanos);
        }
    }

    /** The upstream failed and gets no requests. */
    record Open(int failures, long untilNanos) implements CircuitState {

        /** Whether the pause has passed, so that one request may try the upstream. */
        boolean isDue(long nowNanos) {
            return nowNanos - untilNanos >= 0;
        }

        /** The upstream asked for more time; a shorter time changes nothing. */
        Open extended(long untilNanos) {
            return untilNanos - this.untilNanos > 0 ? new Open(failures, untilNanos) : this;
        }

        /** One request goes to the upstream. */
        HalfOpen tried() {
            return new HalfOpen(failures);
        }
    }

    /** One request, the trial, goes to the upstream, and no other. */
    record HalfOpen(int failures) implements CircuitState {

        Closed answered() {
            return new Closed(failures);
        }

        Open failed(long untilNanos) {
            return new Open(failures + 1, untilNanos);
        }

        /** The trial ended before the upstream answered or failed. */
        Open abandoned(long nowNanos) {
            return new Open(failures, nowNanos);
        }
    }
}
