package dev.runnel.message;

import dev.runnel.text.Usage;

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
 * @param queueMillis how long it waited for a place
 * @param firstTokenMillis from leaving the queue to its first token; -1 if there was no token
 * @param totalMillis from being accepted to its end
 */
public record Ended(
        String generationId,
        String caller,
        String keyId,
        String requestId,
        String model,
        Usage usage,
        Outcome outcome,
        long queueMillis,
        long firstTokenMillis,
        long totalMillis)
        implements InboxMessage {

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
        /** The engine refused it after it was accepted: the request does not suit it. */
        REFUSED
    }
}
