package dev.runnel.message;

/**
 * Asks the generator of a resumable generation, whose guardian is gone, to serve another guardian from now on. The
 * answer is the {@link Submit} of the generation. Its {@link Continuation} has the text so far, in an epoch one
 * higher. Then the new inbox gets the messages that follow, and the end if it was sent before. Otherwise the answer is
 * a {@link Status}: of phase {@code UNKNOWN}, or with the inbox of a guardian that is not known to be gone.
 *
 * @param generationId {@code gen_…}
 * @param owner issuer and subject of the key that started it, see {@link Look}
 * @param inbox the address of the new guardian's inbox
 * @param node the new guardian's node; empty where it is in the generator's process
 * @param givenUpBy the inbox of a guardian that has answered that it does not have the generation any more; empty where
 *     none has answered
 */
public record Adopt(String generationId, String owner, String inbox, String node, String givenUpBy) {}
