package dev.runnel.message;

/**
 * Asks the generator that runs a generation to end it. An unknown id is ignored: the generation may just have ended.
 *
 * @param generationId {@code gen_…}
 * @param cause why, which decides how the generation ends
 */
public record Cancel(String generationId, Cause cause) {

    /** Why a generation is cancelled. */
    public enum Cause {
        /** A cause that this version does not know. The generation ends as with {@link #DELETED}. */
        UNKNOWN,
        /** The consumer is gone. No {@link Finished} or {@link Failed} is sent. */
        CONSUMER_GONE,
        /** Cancelled by name: open streams end with {@code cancelled}. */
        DELETED
    }
}
