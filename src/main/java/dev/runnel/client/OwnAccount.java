package dev.runnel.client;

import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.TokenEstimate;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The account of a generation that no generator ends, from what its client knows. */
final class OwnAccount {

    private final String id;
    private final String model;
    private final Origin origin;
    private final int promptTokens;
    private final long startNanos;

    /** @param startNanos of a monotonic clock, in nanoseconds */
    OwnAccount(String id, Submit submit, long startNanos) {
        this.id = id;
        this.model = submit.model();
        this.origin = submit.origin();
        this.promptTokens = promptTokens(submit.turns());
        this.startNanos = startNanos;
    }

    private static int promptTokens(List<Turn> turns) {
        long bytes = turns.stream().mapToLong(Turn::utf8Length).sum();
        return (int) Math.min(Usage.MAX_TOKENS, TokenEstimate.ofBytes(bytes));
    }

    /** What was used, with an estimate of the prompt. */
    Usage usage(int completionTokens) {
        return new Usage(promptTokens, completionTokens, true);
    }

    /** @param nowNanos of the same clock as its start */
    Ended ended(End ending, Usage usage, long nowNanos) {
        return new Ended(
                id,
                origin.caller(),
                origin.keyId(),
                origin.requestId(),
                model,
                usage,
                ending.how().outcome(),
                ending.how().failure(),
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
     * How it ended, for its consumer.
     *
     * @param failure the code; {@code null} without a failure
     * @param usage what the generator has counted, if it has sent that
     */
    record How(Ended.Outcome outcome, @Nullable FailureCode failure, Optional<Usage> usage) {

        How(Ended.Outcome outcome) {
            this(outcome, null, Optional.empty());
        }

        static How of(Future<Finished> end) {
            return end.succeeded() ? of(end.result()) : of(end.cause());
        }

        private static How of(Finished end) {
            Ended.Outcome outcome = switch (end.finishReason()) {
                case STOP, TOOL_CALLS -> Ended.Outcome.STOP;
                case LENGTH -> Ended.Outcome.LENGTH;
                case CONTENT_FILTER -> Ended.Outcome.CONTENT_FILTER;
                case CANCELLED -> Ended.Outcome.CANCELLED;
                case UNKNOWN -> Ended.Outcome.UNKNOWN;
            };
            return new How(outcome, null, Optional.of(end.usage()));
        }

        private static How of(Throwable cause) {
            FailureCode code =
                    cause instanceof GenerationException known ? known.failure().code() : FailureCode.LOST;
            Ended.Outcome outcome = switch (code) {
                case QUEUE_TIMEOUT, FIRST_TOKEN_TIMEOUT, NEXT_TOKEN_TIMEOUT -> Ended.Outcome.TIMED_OUT;
                case CANCELLED -> Ended.Outcome.CANCELLED;
                case INVALID_REQUEST -> Ended.Outcome.REFUSED;
                default -> Ended.Outcome.FAILED;
            };
            return new How(outcome, code, Optional.empty());
        }
    }

    /**
     * Its end.
     *
     * @param deltas how many deltas and parts the client has
     * @param epoch of the last run
     */
    record End(How how, long deltas, int epoch) {}
}
