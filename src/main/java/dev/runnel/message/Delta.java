package dev.runnel.message;

import dev.runnel.text.EscapedText;
import dev.runnel.text.TokenIds;

/**
 * A piece of a generation's text. The same record goes to the consumer's inbox and to observers.
 *
 * @param generationId {@code gen_…}
 * @param sequence 0 for the generation's first message, then one more each
 * @param text not empty
 * @param tokens how many of the engine's tokens the piece is
 * @param epoch which run of the generation sent it
 * @param tokenIds the ids of the tokens that are complete with the text; only between two nodes, and only where the
 *     engine has ids
 */
public record Delta(String generationId, long sequence, EscapedText text, int tokens, int epoch, TokenIds tokenIds)
        implements NumberedMessage {

    /**
     * Of a generation's first run, without ids.
     *
     * @param generationId {@code gen_…}
     * @param sequence 0 for the generation's first message, then one more each
     * @param text not empty
     * @param tokens how many of the engine's tokens the piece is
     */
    public Delta(String generationId, long sequence, EscapedText text, int tokens) {
        this(generationId, sequence, text, tokens, 0, TokenIds.NONE);
    }

    /** Leaves the text out: generated text never reaches a log. */
    @Override
    public String toString() {
        return "Delta[" + generationId + ", " + sequence + ", " + text.utf8Length() + " bytes]";
    }
}
