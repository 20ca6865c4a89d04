package dev.runnel.text;

/**
 * What a generation has generated before it goes on elsewhere.
 *
 * @param text the text that its consumer has, whole code points
 * @param tokenIds the ids of the tokens that are complete with the text, from the first on. The text may be longer by
 *     parts of tokens. None if the engine gives no ids
 * @param tokens how many tokens were counted with the text
 */
public record TextSoFar(String text, TokenIds tokenIds, int tokens) {

    /** Nothing. */
    public static final TextSoFar NONE = new TextSoFar("", TokenIds.NONE, 0);

    /** Whether nothing was generated. */
    public boolean isEmpty() {
        return text.isEmpty() && tokenIds.isEmpty() && tokens == 0;
    }

    /** Leaves the text out: generated text never reaches a log. */
    @Override
    public String toString() {
        return "TextSoFar[" + text.length() + " chars, " + tokens + " tokens]";
    }
}
