package dev.runnel.message;

/**
 * Asks the guardian of a resumable generation to serve one more reader. It goes to the guardian's inbox, and the answer
 * is {@link Attached}. From then on the reader's inbox gets the generation's {@link Delta}s and its {@link Finished} or
 * {@link Failed}; one of each, however many readers have that inbox. An inbox on another node gets the text so far as
 * the first deltas. There all deltas are numbered from 1 on without a gap.
 *
 * @param generationId {@code gen_…}
 * @param owner issuer and subject of the reader's key, see {@link Look}
 * @param inbox the address of the reader's inbox
 * @param reader the reader's number, unique for its inbox
 * @param node the reader's node; empty where the reader is in the guardian's process
 * @param isLook whether it reads the text as it is now, and leaves. It does not count as a reader
 * @param copy the number of the copy of the text that the readers at the inbox share. A later copy has a higher one,
 *     and the readers of those before have left. 0 if the reader is in the guardian's process, or of an older version
 */
public record Attach(
        String generationId, String owner, String inbox, long reader, String node, boolean isLook, long copy) {}
