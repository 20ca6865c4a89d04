package dev.runnel.message;

import dev.runnel.text.EscapedText;

/**
 * A piece of a generation's text. The same record goes to the consumer's inbox and to observers.
 *
 * @param generationId {@code gen_…}
 * @param sequence 0 for the generation's first message, then one more each
 * @param text not empty
 * @param tokens how many of the engine's tokens the piece is
 */
public record Delta(String generationId, long sequence, EscapedText text, int tokens) implements NumberedMessage {

    /** Leaves the text out: generated text never reaches a log. */
    @Override
    public String toString() {
        return "Delta[" + generationId + ", " + sequence + ", " + text.utf8Length() + " bytes]";
    }
}
