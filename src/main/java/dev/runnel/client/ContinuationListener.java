package dev.runnel.client;

/** Receives what becomes of generations whose generator's node is gone. Called on any thread; must not block. */
@FunctionalInterface
public interface ContinuationListener {

    /** Ignores every report. */
    ContinuationListener SILENT = (outcome, silenceNanos) -> {};

    /** What becomes of a generation. */
    enum Outcome {
        /** Another generator has sent its next message. */
        CONTINUED,
        /** Its generator was only slow, and has sent its next message first. */
        RETURNED,
        /** No other generator goes on. */
        LOST,
        /** Its consumer left before another generator went on. */
        CANCELLED
    }

    /**
     * A continuation has ended.
     *
     * @param outcome how
     * @param silenceNanos since the last message of the generation before
     */
    void ended(Outcome outcome, long silenceNanos);
}
