package dev.runnel.engine.llama;

import dev.runnel.text.TokenIds;

/**
 * The start of a text, in tokens.
 *
 * @param ids the tokens that are evaluated after the prompt
 * @param known how many of the ids the consumer has
 * @param count how many generated tokens that stands for
 * @param sent how many generated tokens were counted with the text that was sent. Those above {@code count} are
 *     generated again, and are not counted again
 * @param more the text after them that was sent already: the model generates it again, and it is not sent again. Empty
 *     or the end of a few tokens
 */
record TokensSoFar(TokenIds ids, int known, int count, int sent, String more) {

    /** A text that starts. */
    static final TokensSoFar NONE = new TokensSoFar(TokenIds.NONE, 0, 0, 0, "");
}
