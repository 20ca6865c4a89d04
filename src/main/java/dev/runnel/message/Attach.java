package dev.runnel.message;

/**
 * Asks the guardian of a resumable generation to serve one more reader. It goes to the guardian's inbox, and the answer
 * is {@link Attached}. From then on the reader's inbox gets the generation's {@link Delta}s and its {@link Finished} or
 * {@link Failed}; one of each, however many readers have that inbox.
 *
 * @param generationId {@code gen_…}
 * @param owner issuer and subject of the reader's key, see {@link Look}
 * @param inbox the address of the reader's inbox
 * @param reader the reader's number, unique for its inbox
 */
public record Attach(String generationId, String owner, String inbox, long reader) {}
