package dev.runnel.generator;

import static dev.runnel.message.Ended.Durations.NONE;

import dev.runnel.message.Ended;
import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.Usage;
import java.util.function.LongSupplier;

/** Counts the tokens and the time of one generation. Belongs to the generator's context. */
final class GenerationStats {

    private final Origin origin;
    private final int epoch;
    private final boolean isContinued;
    private final String model;
    private final int promptTokens;
    private final LongSupplier nanos;
    private final long acceptedNanos;

    private long startedNanos;
    private boolean started;
    private long firstTokenAtNanos;
    private boolean hasToken;
    private int firstTokens;
    private int tokens;
    private long longestPauseNanos;
    private long leftNanos;
    private boolean left;

    /**
     * Of a generation that was accepted now. The tokens of its earlier runs count, their time does not.
     *
     * @param nanos a monotonic clock, in nanoseconds
     */
    GenerationStats(Submit submit, String model, int promptTokens, LongSupplier nanos) {
        this.origin = submit.origin();
        this.epoch = submit.continuation().epoch();
        this.isContinued = submit.continuation().isPresent();
        this.model = model;
        this.promptTokens = promptTokens;
        this.nanos = nanos;
        this.acceptedNanos = nanos.getAsLong();
        this.tokens = submit.continuation().textSoFar().tokens();
    }

    /** It left the queue for a place. */
    void started() {
        started = true;
        startedNanos = nanos.getAsLong();
    }

    /** The engine generated tokens, 0 or more. */
    void generated(int count) {
        if (!hasToken) {
            hasToken = true;
            firstTokenAtNanos = nanos.getAsLong();
            firstTokens = tokens + count;
        }
        tokens += count;
    }

    /** The engine sent nothing for so long. */
    void paused(long pauseNanos) {
        longestPauseNanos = Math.max(longestPauseNanos, pauseNanos);
    }

    /** Its consumer left. Only the first call counts. */
    void consumerLeft() {
        if (!left) {
            left = true;
            leftNanos = nanos.getAsLong();
        }
    }

    /** From acceptance to the first token. Valid after the first token only. */
    long firstTokenNanos() {
        return firstTokenAtNanos - acceptedNanos;
    }

    /** The tokens counted so far, for an end at which the engine reports no usage. */
    Usage counted() {
        boolean hasRun = started || isContinued;
        return hasRun ? new Usage(promptTokens, tokens, false) : Usage.NONE;
    }

    /** How long it waited, or has been waiting. */
    long queuedNanos() {
        return (started ? startedNanos : nanos.getAsLong()) - acceptedNanos;
    }

    /** @param deltas how many deltas and parts were sent */
    Ended ended(String id, Ending ending, Usage usage, long deltas) {
        return new Ended(
                id,
                origin.caller(),
                origin.keyId(),
                origin.requestId(),
                model,
                usage,
                ending.outcome(),
                ending.failureCode().orElse(null),
                deltas,
                durations(ending, usage),
                epoch);
    }

    private Ended.Durations durations(Ending ending, Usage usage) {
        long now = nanos.getAsLong();
        boolean cancelledByLeaving = left && ending instanceof Ending.Abandoned;
        return new Ended.Durations(
                started ? startedNanos - acceptedNanos : now - acceptedNanos,
                hasToken ? firstTokenAtNanos - startedNanos : NONE,
                now - acceptedNanos,
                perTokenNanos(usage.completionTokens() - firstTokens, now),
                hasToken ? longestPauseNanos : NONE,
                cancelledByLeaving ? now - leftNanos : NONE);
    }

    private long perTokenNanos(int furtherTokens, long now) {
        return hasToken && furtherTokens > 0 ? (now - firstTokenAtNanos) / furtherTokens : NONE;
    }
}
