package dev.runnel.message;

/**
 * Asks the generator of a generation for its {@link Status}.
 *
 * @param generationId {@code gen_…}
 * @param owner issuer and subject of the key that asks, with a tab between them; the generation of another owner is
 *     unknown
 * @param isForText whether it asks for the text of a resumable generation whose guardian is gone, also after its end
 */
public record Look(String generationId, String owner, boolean isForText) {

    /**
     * Without the text.
     *
     * @param generationId {@code gen_…}
     * @param owner issuer and subject of the key that asks
     */
    public Look(String generationId, String owner) {
        this(generationId, owner, false);
    }
}
