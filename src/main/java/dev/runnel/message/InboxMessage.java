package dev.runnel.message;

/**
 * What a generator sends to a consumer's inbox: {@link NumberedMessage}s, of which the last is {@link Finished} or
 * {@link Failed}, and then one {@link Ended}.
 */
public sealed interface InboxMessage permits NumberedMessage, Ended {

    /**
     * The generation that the message is of.
     *
     * @return {@code gen_…}
     */
    String generationId();

    /**
     * Which run of the generation sent it.
     *
     * @return 0 for the first generator, then one more with each continuation
     */
    int epoch();
}
