package dev.runnel.message;

/**
 * Asks the generator that runs a generation to end it. An unknown id is ignored: the generation may just have ended.
 * Where the sender asks for it, the answer is {@link Cancelled}.
 *
 * @param generationId {@code gen_…}
 * @param cause why, which decides how the generation ends
 * @param owner issuer and subject of the key that asks, see {@link Look}; empty where a verticle asks on its own
 *     behalf, which may cancel any generation
 * @param epoch the newest run that is cancelled by {@link Cause#CONSUMER_GONE} and {@link Cause#CONTINUED}; the other
 *     causes cancel any run
 */
public record Cancel(String generationId, Cause cause, String owner, int epoch) {

    /** Why a generation is cancelled. */
    public enum Cause {
        /** A cause that this version does not know. The generation ends as with {@link #DELETED}. */
        UNKNOWN,
        /** The consumer is gone. No {@link Finished} or {@link Failed} is sent. */
        CONSUMER_GONE,
        /** Cancelled by name: open streams end with {@code cancelled}. */
        DELETED,
        /** A guard held the rest back: open streams end with {@code content_filter}. */
        FILTERED,
        /** It goes on elsewhere: this run ends without any message, and is no end of the generation. */
        CONTINUED
    }

    /**
     * A cancel of a verticle's own.
     *
     * @param generationId {@code gen_…}
     * @param cause why
     */
    public Cancel(String generationId, Cause cause) {
        this(generationId, cause, "", 0);
    }

    /**
     * A cancel on behalf of a key.
     *
     * @param generationId {@code gen_…}
     * @param cause why
     * @param owner issuer and subject of the key
     */
    public Cancel(String generationId, Cause cause, String owner) {
        this(generationId, cause, owner, 0);
    }
}
