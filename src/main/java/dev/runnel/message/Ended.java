package dev.runnel.message;

import dev.runnel.text.Usage;

/**
 * The account of one generation that was accepted and has ended, however it ended.
 *
 * @param caller the subject of the caller's key
 * @param keyId the {@code jti} of the caller's key
 * @param requestId the request that asked for it
 * @param outcome how it ended
 * @param queueMillis how long it waited for a place
 * @param firstTokenMillis from leaving the queue to its first token; -1 if there was none
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
        long totalMillis) {

    public enum Outcome {
        STOP,
        LENGTH,
        CONTENT_FILTER,
        CANCELLED,
        FAILED,
        TIMED_OUT,
        /** By the engine, once it was accepted: what was asked does not suit it. The caller's own affair. */
        REFUSED
    }
}
