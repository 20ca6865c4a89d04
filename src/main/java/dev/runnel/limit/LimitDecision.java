package dev.runnel.limit;

/** Whether a key may start one more generation. */
public sealed interface LimitDecision {

    /** How the key stands behind this decision. */
    LimitState state();

    /**
     * It may.
     *
     * @param permit must be settled when the generation ends, however it ends, also if it never starts
     */
    record Admitted(Permit permit, LimitState state) implements LimitDecision {}

    /**
     * It may not, and nothing was taken from the key.
     *
     * @param message for the caller: what was wrong and what to do
     * @param retryAfterSeconds the same demand is admitted then if nobody else uses the key; for {@link Reason#CONCURRENCY}
     *     and {@link Reason#CROWDED} it is 1 and promises nothing; 0 for {@link Reason#EXCEEDS_PLAN}, as it never will be
     */
    record Refused(Reason reason, String message, int retryAfterSeconds, LimitState state) implements LimitDecision {}

    /** Which limit it was. */
    enum Reason {
        /** Too many requests in the last minute. */
        REQUESTS,
        /** Too few tokens left for what it may come to use. */
        TOKENS,
        /** Too many generations at once ({@code code: concurrency}). */
        CONCURRENCY,
        /** More than the key may use in a minute, so never ({@code code: exceeds_plan}). */
        EXCEEDS_PLAN,
        /** More keys in use than this service keeps account of: not the key's fault. */
        CROWDED
    }
}
