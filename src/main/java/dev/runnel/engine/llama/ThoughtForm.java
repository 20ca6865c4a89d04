package dev.runnel.engine.llama;

import org.jspecify.annotations.Nullable;

/** How the answers of a model that thinks are written. */
interface ThoughtForm {

    /** The mark that a token is; empty for any other token. */
    String markOf(int token);

    /** What follows the prompt if the answer has no thought; empty if the template writes that itself. */
    String beforeText();

    /**
     * The form of the answer to a prompt; {@code null} if it is nothing but text.
     *
     * @param promptEnd the end of the prompt, if the template wrote it, else empty
     * @param isTextOnly whether the answer has no thought
     */
    @Nullable
    ThoughtForm after(String promptEnd, boolean isTextOnly);

    /** For one answer. */
    AnswerSplitter splitter();
}
