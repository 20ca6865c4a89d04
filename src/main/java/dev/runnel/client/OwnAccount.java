package dev.runnel.client;

import dev.runnel.message.Ended;
import dev.runnel.message.Submit;
import dev.runnel.text.FailureCode;
import dev.runnel.text.TokenEstimate;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import org.jspecify.annotations.Nullable;

/** The account of a generation that no generator ends, from what its client knows. */
final class OwnAccount {

    private final String id;
    private final Submit submit;
    private final long startNanos;

    /** @param startNanos of a monotonic clock, in nanoseconds */
    OwnAccount(String id, Submit submit, long startNanos) {
        this.id = id;
        this.submit = submit;
        this.startNanos = startNanos;
    }

    /** What was used, with an estimate of the prompt. */
    Usage usage(int completionTokens) {
        long bytes = submit.turns().stream().mapToLong(Turn::utf8Length).sum();
        int promptTokens = (int) Math.min(Usage.MAX_TOKENS, TokenEstimate.ofBytes(bytes));
        return new Usage(promptTokens, completionTokens, true);
    }

    /** @param nowNanos of the same clock as its start */
    Ended ended(End ending, Usage usage, long nowNanos) {
        return new Ended(
                id,
                submit.origin().caller(),
                submit.origin().keyId(),
                submit.origin().requestId(),
                submit.model(),
                usage,
                ending.outcome(),
                ending.failure(),
                ending.deltas(),
                new Ended.Durations(
                        0,
                        Ended.Durations.NONE,
                        nowNanos - startNanos,
                        Ended.Durations.NONE,
                        Ended.Durations.NONE,
                        Ended.Durations.NONE),
                ending.epoch());
    }

    /**
     * How it ended.
     *
     * @param failure the code; {@code null} without a failure
     * @param deltas how many deltas and parts the client has
     * @param epoch of the last run
     */
    record End(Ended.Outcome outcome, @Nullable FailureCode failure, long deltas, int epoch) {}
}
