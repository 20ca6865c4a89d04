package dev.runnel.message;

/** A part of a generation or its end. One generation's messages are numbered from 0 without a gap. */
public sealed interface NumberedMessage extends InboxMessage permits Delta, Part, Finished, Failed {

    /**
     * The place among the generation's messages.
     *
     * @return 0 for the first, then one more each
     */
    long sequence();
}
