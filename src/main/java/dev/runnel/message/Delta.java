package dev.runnel.message;

import dev.runnel.text.EscapedText;

/**
 * A piece of a generation's text. The same record goes to the consumer's inbox and to observers.
 *
 * @param sequence 0 for the generation's first message, then one more each
 * @param tokens how many tokens it stands for
 */
public record Delta(String generationId, long sequence, EscapedText text, int tokens) implements InboxMessage {

    /** Leaves the text out: generated text never reaches a log. */
    @Override
    public String toString() {
        return "Delta[" + generationId + ", " + sequence + ", " + text.utf8Length() + " bytes]";
    }
}
