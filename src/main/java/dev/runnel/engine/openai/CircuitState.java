package dev.runnel.engine.openai;

/**
 * Whether an upstream gets requests. Times are nanoseconds of one clock.
 *
 * <pre>
 *               {@link Closed#failed}                  {@link Open#tried}
 *   Closed ──────────────────▶ Open ──────────────────▶ HalfOpen
 *    ▲                        ▲    ▲                       │   │
 *    │                        │    └───{@link HalfOpen#failed}, {@link HalfOpen#givenUp}───┘   │
 *    └────────────────────────┴──────────{@link HalfOpen#answered}────────────────┘
 * </pre>
 *
 * The count of failures in a row, which the pause grows with, is forgotten by {@link Closed#completed}.
 */
sealed interface CircuitState {

    CircuitState UNTRIED = new Closed(0);

    int failures();

    /** It answers. */
    record Closed(int failures) implements CircuitState {

        /** A text came to its end. */
        CircuitState completed() {
            return failures == 0 ? this : UNTRIED;
        }

        Open failed(long untilNanos) {
            return new Open(failures + 1, untilNanos);
        }
    }

    /** It failed and is left alone. */
    record Open(int failures, long untilNanos) implements CircuitState {

        boolean isOver(long nowNanos) {
            return nowNanos - untilNanos >= 0;
        }

        /** One request goes to it. */
        HalfOpen tried() {
            return new HalfOpen(failures);
        }
    }

    /** One request is on its way to it, and no other. */
    record HalfOpen(int failures) implements CircuitState {

        Closed answered() {
            return new Closed(failures);
        }

        Open failed(long untilNanos) {
            return new Open(failures + 1, untilNanos);
        }

        /** The request ended without saying anything about the upstream. */
        Open givenUp(long nowNanos) {
            return new Open(failures, nowNanos);
        }
    }
}
