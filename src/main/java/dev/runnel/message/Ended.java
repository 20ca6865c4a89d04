package dev.runnel.message;

import dev.runnel.text.FailureCode;
import dev.runnel.text.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of one generation that was accepted and has ended, however it ended.
 *
 * @param caller the subject of the caller's key
 * @param keyId the {@code jti} of the caller's key
 * @param requestId the request that asked for it
 * @param outcome how it ended
 * @param failure why it failed; {@code null} if it has a finish reason, or if its consumer left
 * @param deltas how many deltas were sent
 */
public record Ended(
        String generationId,
        String caller,
        String keyId,
        String requestId,
        String model,
        Usage usage,
        Outcome outcome,
        @Nullable FailureCode failure,
        long deltas,
        Durations durations) {

    public enum Outcome {
        STOP,
        LENGTH,
        CONTENT_FILTER,
        CANCELLED,
        FAILED,
        TIMED_OUT,
        /** The engine refused the request after it was accepted. The fault is the caller's. */
        REFUSED
    }

    /**
     * Durations in nanoseconds. {@link #NONE} stands for one that does not exist.
     *
     * @param queueNanos the wait for a place
     * @param firstTokenNanos from the end of that wait to the first token; none without a token
     * @param totalNanos from acceptance to the end
     * @param perTokenNanos mean time per token after the first piece; none without a further token
     * @param longestPauseNanos longest time between two pieces, the end included; none without a piece
     * @param cancelNanos from the consumer's leaving to the engine's end; none if the consumer stayed
     */
    public record Durations(
            long queueNanos,
            long firstTokenNanos,
            long totalNanos,
            long perTokenNanos,
            long longestPauseNanos,
            long cancelNanos) {

        public static final long NONE = -1;
    }

    /** Why the generation has no regular end: its failure, or {@link FailureCode#CANCELLED}. */
    public Optional<FailureCode> error() {
        return failure == null && outcome == Outcome.CANCELLED
                ? Optional.of(FailureCode.CANCELLED)
                : Optional.ofNullable(failure);
    }
}
