package dev.runnel.engine.llama;

/**
 * How the answer to one prompt starts, for a model that thinks.
 *
 * @param marks around the thought
 * @param startToken the control token that is the start mark; -1 if it is text
 * @param endToken the control token that is the end mark; -1 if it is text
 * @param isOpen whether the prompt ends with the start mark
 */
record ThoughtStart(ThoughtMarks marks, int startToken, int endToken, boolean isOpen) {

    /** The mark that a token is; empty for any other token. */
    String markOf(int token) {
        if (token == startToken) {
            return marks.start();
        }
        return token == endToken ? marks.end() : "";
    }
}
