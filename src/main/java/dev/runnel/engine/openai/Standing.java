package dev.runnel.engine.openai;

/**
 * Whether an upstream gets requests. Times are nanoseconds of one clock.
 *
 * <pre>
 *               {@link Good#failed}                  {@link SetAside#tried}
 *   Good ──────────────────▶ SetAside ──────────────────▶ OnTrial
 *    ▲                        ▲    ▲                       │   │
 *    │                        │    └───{@link OnTrial#failed}, {@link OnTrial#givenUp}───┘   │
 *    └────────────────────────┴──────────{@link OnTrial#answered}────────────────┘
 * </pre>
 *
 * The count of failures in a row, which the pause grows with, is forgotten by {@link Good#completed}.
 */
sealed interface Standing {

    Standing UNTRIED = new Good(0);

    int failures();

    /** It answers. */
    record Good(int failures) implements Standing {

        /** A text came to its end. */
        Standing completed() {
            return failures == 0 ? this : UNTRIED;
        }

        SetAside failed(long untilNanos) {
            return new SetAside(failures + 1, untilNanos);
        }
    }

    /** It failed and is left alone. */
    record SetAside(int failures, long untilNanos) implements Standing {

        boolean isOver(long nowNanos) {
            return nowNanos - untilNanos >= 0;
        }

        /** One request goes to it. */
        OnTrial tried() {
            return new OnTrial(failures);
        }
    }

    /** One request is on its way to it, and no other. */
    record OnTrial(int failures) implements Standing {

        Good answered() {
            return new Good(failures);
        }

        SetAside failed(long untilNanos) {
            return new SetAside(failures + 1, untilNanos);
        }

        /** The request ended without saying anything about the upstream. */
        SetAside givenUp(long nowNanos) {
            return new SetAside(failures, nowNanos);
        }
    }
}
