package dev.runnel.message;

import dev.runnel.text.FailureCode;
import dev.runnel.text.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The account of one generation that was accepted and has ended, however it ended. It is the last message to the
 * consumer's inbox, and it is published for observers. It has no sequence number, so it also arrives after a lost
 * message.
 *
 * @param generationId {@code gen_…}
 * @param caller the subject of the caller's key
 * @param keyId the {@code jti} of the caller's key
 * @param requestId the request that asked for it
 * @param model the model that ran it
 * @param usage what it used
 * @param outcome how it ended
 * @param failure why it failed; {@code null} if it has a finish reason, or if its consumer left
 * @param deltas how many deltas and parts were sent
 * @param durations how long its phases lasted
 * @param epoch how often it was continued on another node
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
        Durations durations,
        int epoch)
        implements InboxMessage {

    /**
     * The header of this message if its sender waits with the publication for the answer. After it, the sender answers
     * that answer.
     */
    public static final String CONFIRMS = "confirms";

    /**
     * Of a generation that was not continued.
     *
     * @param generationId {@code gen_…}
     * @param caller the subject of the caller's key
     * @param keyId the {@code jti} of the caller's key
     * @param requestId the request that asked for it
     * @param model the model that ran it
     * @param usage what it used
     * @param outcome how it ended
     * @param failure why it failed, or {@code null}
     * @param deltas how many deltas and parts were sent
     * @param durations how long its phases lasted
     */
    public Ended(
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
        this(generationId, caller, keyId, requestId, model, usage, outcome, failure, deltas, durations, 0);
    }

    /**
     * The same of another epoch.
     *
     * @param number the epoch
     * @return the account
     */
    public Ended withEpoch(int number) {
        return new Ended(
                generationId, caller, keyId, requestId, model, usage, outcome, failure, deltas, durations, number);
    }

    /** How a generation ended. */
    public enum Outcome {
        /** An outcome that this version does not know. */
        UNKNOWN,
        /** The model ended, or a stop sequence was reached. */
        STOP,
        /** {@code maxTokens} was reached. */
        LENGTH,
        /** An upstream held the rest back. */
        CONTENT_FILTER,
        /** By name, or because its consumer left. */
        CANCELLED,
        /** The engine, the upstream or the service failed. */
        FAILED,
        /** A place in the queue, the first token or the next token did not come in time. */
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

        /** Stands for a duration that does not exist. */
        public static final long NONE = -1;

        /** The durations of a generation that did nothing. */
        public static final Durations ZERO = new Durations(0, NONE, 0, NONE, NONE, NONE);
    }

    /**
     * Why the generation has no regular end.
     *
     * @return its failure, or {@link FailureCode#CANCELLED}; empty where it ended regularly
     */
    public Optional<FailureCode> error() {
        return failure == null && outcome == Outcome.CANCELLED
                ? Optional.of(FailureCode.CANCELLED)
                : Optional.ofNullable(failure);
    }
}
