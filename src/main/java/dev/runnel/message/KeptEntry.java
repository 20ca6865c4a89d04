package dev.runnel.message;

/**
 * Where a resumable generation is: an entry of the cluster's map, under the generation's id.
 *
 * @param generationId {@code gen_…}
 * @param owner issuer and subject of the key that started it, see {@link Look}
 * @param model the model's name
 * @param includeText whether the request asked for events that repeat the text
 * @param guardian the address of the guardian's inbox
 * @param node the guardian's node
 * @param createdSeconds when it was accepted, in whole seconds since 1970
 * @param generator the address of the generator that keeps the text too; empty if none does
 * @param generatorNode that generator's node
 */
public record KeptEntry(
        String generationId,
        String owner,
        String model,
        boolean includeText,
        String guardian,
        String node,
        long createdSeconds,
        String generator,
        String generatorNode) {}
