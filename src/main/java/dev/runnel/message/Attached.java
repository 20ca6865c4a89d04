package dev.runnel.message;

/**
 * The answer to an {@link Attach}.
 *
 * @param generationId {@code gen_…}
 * @param answer whether the reader is attached
 * @param bytes the length of the text so far, in bytes of UTF-8: what a reader on another node gets first
 */
public record Attached(String generationId, Answer answer, long bytes) {

    /**
     * The answer to a reader that gets no text so far.
     *
     * @param generationId {@code gen_…}
     * @param answer whether the reader is attached
     */
    public Attached(String generationId, Answer answer) {
        this(generationId, answer, 0);
    }

    /** Whether a reader is attached. */
    public enum Answer {
        /** No generation of this id and owner is kept here, or an answer that this version does not know. */
        UNKNOWN,
        /** The reader is attached, until its {@link Detach}. */
        ATTACHED,
        /** The generation has as many readers as it may have. */
        TOO_MANY_READERS
    }
}
