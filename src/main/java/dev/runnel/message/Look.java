package dev.runnel.message;

/**
 * Asks the generator of a generation for its {@link Status}.
 *
 * @param generationId {@code gen_…}
 * @param owner issuer and subject of the key that asks, with a tab between them; the generation of another owner is
 *     unknown
 */
public record Look(String generationId, String owner) {}
