package dev.runnel.message;

/**
 * A generator accepted a generation, to run at once or to wait in its queue.
 *
 * @param generationId {@code gen_…}
 * @param generator the address that {@link Cancel} goes to
 */
public record Accepted(String generationId, String generator) {}
