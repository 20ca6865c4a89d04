package dev.runnel.message;

/**
 * The answer to a {@link Cancel}.
 *
 * @param generationId {@code gen_…}
 * @param known whether the generation runs there, for this owner
 */
public record Cancelled(String generationId, boolean known) {}
