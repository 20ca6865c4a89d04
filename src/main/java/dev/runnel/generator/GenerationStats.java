package dev.runnel.generator;

import dev.runnel.message.Ended;
import dev.runnel.message.Submit;
import dev.runnel.metric.GenerationEnd;
import dev.runnel.text.Usage;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What one generation takes: tokens and time. */
final class GenerationStats {

    private static final long NO_TOKEN = -1;

    private final Submit submit;
    private final String model;
    private final int promptTokens;
    private final LongSupplier nanos;
    private final long acceptedNanos;

    private long begunNanos;
    private boolean begun;
    private long spokenNanos;
    private boolean spoken;
    private int firstTokens;
    private int tokens;
    private long longestPauseNanos;
    private long leftNanos;
    private boolean left;

    GenerationStats(Submit submit, String model, int promptTokens, LongSupplier nanos) {
        this.submit = submit;
        this.model = model;
        this.promptTokens = promptTokens;
        this.nanos = nanos;
        this.acceptedNanos = nanos.getAsLong();
    }

    /** It left the queue for a place. */
    void begun() {
        begun = true;
        begunNanos = nanos.getAsLong();
    }

    /** The engine gave tokens, 0 or more. */
    void generated(int count) {
        if (!spoken) {
            spoken = true;
            spokenNanos = nanos.getAsLong();
            firstTokens = count;
        }
        tokens += count;
    }

    /** So long there was nothing from the engine. */
    void paused(long pauseNanos) {
        longestPauseNanos = Math.max(longestPauseNanos, pauseNanos);
    }

    /** Its consumer went away; only the first call counts. */
    void left() {
        if (!left) {
            left = true;
            leftNanos = nanos.getAsLong();
        }
    }

    /** From being accepted to the first token, once there was one. */
    long firstTokenNanos() {
        return spokenNanos - acceptedNanos;
    }

    /** What was counted so far, for where the engine does not say. */
    Usage counted() {
        return begun ? new Usage(promptTokens, tokens, false) : Usage.NONE;
    }

    /** How long it waited, or has been waiting. */
    long queuedNanos() {
        return (begun ? begunNanos : nanos.getAsLong()) - acceptedNanos;
    }

    Ended ended(String id, Ending ending, Usage usage) {
        return new Ended(
                id,
                submit.caller(),
                submit.keyId(),
                submit.requestId(),
                model,
                usage,
                ending.outcome(),
                TimeUnit.NANOSECONDS.toMillis(queuedNanos()),
                spoken ? TimeUnit.NANOSECONDS.toMillis(spokenNanos - begunNanos) : NO_TOKEN,
                TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - acceptedNanos));
    }

    /** For the meters. */
    GenerationEnd end(Ending ending, Usage usage, long deltas) {
        long now = nanos.getAsLong();
        boolean unheard = ending instanceof Ending.Abandoned;
        return new GenerationEnd(
                submit.keyId(),
                ending.outcome(),
                ending.error(),
                usage.promptTokens(),
                usage.completionTokens(),
                deltas,
                now - acceptedNanos,
                nanosPerToken(usage.completionTokens() - firstTokens, now),
                spoken ? OptionalLong.of(longestPauseNanos) : OptionalLong.empty(),
                unheard && left ? OptionalLong.of(now - leftNanos) : OptionalLong.empty());
    }

    private OptionalLong nanosPerToken(int furtherTokens, long now) {
        return spoken && furtherTokens > 0
                ? OptionalLong.of((now - spokenNanos) / furtherTokens)
                : OptionalLong.empty();
    }
}
