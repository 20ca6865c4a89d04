package dev.runnel.engine.llama;

import java.util.HashMap;
import java.util.Map;

/**
 * The form of answers in channels, as gpt-oss writes them.
 *
 * @param marks by their tokens
 * @param isText whether the prompt ends with the start of the text
 */
record ChannelStart(Map<Integer, ChannelMark> marks, boolean isText) implements ThoughtForm {

    private static final String BEFORE_TEXT = ChannelMark.CHANNEL.text() + "final" + ChannelMark.MESSAGE.text();

    ChannelStart {
        marks = Map.copyOf(marks);
    }

    /** That of a model. A mark that is not one token of its vocabulary is text. */
    static ChannelStart of(Vocabulary vocabulary) {
        Map<Integer, ChannelMark> tokens = new HashMap<>();
        for (ChannelMark mark : ChannelMark.all()) {
            int[] mine = vocabulary.tokenize(mark.text(), true);
            if (mine.length == 1) {
                tokens.put(mine[0], mark);
            }
        }
        return new ChannelStart(tokens, false);
    }

    @Override
    public String markOf(int token) {
        ChannelMark mark = marks.get(token);
        return mark == null ? "" : mark.text();
    }

    @Override
    public String beforeText() {
        return BEFORE_TEXT;
    }

    @Override
    public ThoughtForm after(String promptEnd, boolean isTextOnly) {
        return new ChannelStart(marks, promptEnd.endsWith(BEFORE_TEXT));
    }

    /** If the marks are tokens, a text that spells one is no mark. */
    @Override
    public AnswerSplitter splitter() {
        return new ChannelSplitter(!marks.isEmpty(), isText);
    }
}
