package dev.runnel.message;

/**
 * The answer to an {@link Attach}.
 *
 * @param generationId {@code gen_…}
 * @param answer whether the reader is attached
 */
public record Attached(String generationId, Answer answer) {

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
