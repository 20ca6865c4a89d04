package dev.runnel.message;

/**
 * One reader that a guardian serves has left. It goes to the guardian's inbox. Where the sender asks for it, the answer
 * is empty.
 *
 * @param generationId {@code gen_…}
 * @param inbox the address of the reader's inbox
 * @param reader the reader's number, as in its {@link Attach}
 */
public record Detach(String generationId, String inbox, long reader) {}
