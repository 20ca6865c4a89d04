package dev.runnel.engine.llama;

import org.jspecify.annotations.Nullable;

/**
 * The form of answers that start with a thought between two marks.
 *
 * @param marks around the thought
 * @param startToken the control token that is the start mark; -1 if it is text
 * @param endToken the control token that is the end mark; -1 if it is text
 * @param isOpen whether the prompt ends with the start mark
 */
record ThoughtStart(ThoughtMarks marks, int startToken, int endToken, boolean isOpen) implements ThoughtForm {

    @Override
    public String markOf(int token) {
        if (token == startToken) {
            return marks.start();
        }
        return token == endToken ? marks.end() : "";
    }

    @Override
    public String beforeText() {
        return "";
    }

    @Override
    public @Nullable ThoughtForm after(String promptEnd, boolean isTextOnly) {
        return isTextOnly ? null : new ThoughtStart(marks, startToken, endToken, marks.areOpenIn(promptEnd));
    }

    @Override
    public AnswerSplitter splitter() {
        return new ThoughtSplitter(marks, isOpen);
    }
}
