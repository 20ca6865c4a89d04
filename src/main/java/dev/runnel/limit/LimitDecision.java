package dev.runnel.limit;

/** Whether a key may start one more generation. */
public sealed interface LimitDecision {

    /** What the key has left after this decision. */
    LimitState state();

    /**
     * The key may start the generation.
     *
     * @param permit must be settled when the generation ends, however it ends, also if it never starts
     */
    record Admitted(Permit permit, LimitState state) implements LimitDecision {}

    /**
     * The key may not start the generation. Nothing was charged.
     *
     * @param message for the caller: which limit was reached and what to do
     * @param retryAfterSeconds after this time the same demand is admitted if no other request uses the key. It is 1,
     *     and no promise, for {@link Reason#CONCURRENCY}, {@link Reason#CROWDED} and {@link Reason#UNDECIDED}. It is 0
     *     for {@link Reason#EXCEEDS_PLAN}.
     */
    record Refused(Reason reason, String message, int retryAfterSeconds, LimitState state) implements LimitDecision {}

    /** The limit that was reached. */
    enum Reason {
        /** Too many requests within a minute ({@code requestsPerMinute}). */
        REQUESTS,
        /** Too few tokens left for the demand ({@code tokensPerMinute}). */
        TOKENS,
        /** Too many generations at once ({@code code: concurrency}). */
        CONCURRENCY,
        /** More tokens than the key may use in a minute: never admitted ({@code code: exceeds_plan}). */
        EXCEEDS_PLAN,
        /** More keys are in use than this process counts. The key did not cause it. */
        CROWDED,
        /** The cluster did not answer in time, and this node may not decide alone ({@code code: cluster}). */
        UNDECIDED
    }
}
