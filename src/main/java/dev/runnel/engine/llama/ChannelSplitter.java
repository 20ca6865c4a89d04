package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;

/**
 * Separates the channels of an answer: {@code <|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final
 * <|message|>…<|return|>}. A message of the channel {@code final}, or of none, is text, and the last one. One of any
 * other channel, such as {@code analysis} and {@code commentary}, is thought. Between messages are headers, which are
 * neither. An answer without marks is text. Engine thread only.
 */
final class ChannelSplitter implements AnswerSplitter {

    /** What is longer is not a header. */
    private static final int MAX_HEADER_BYTES = 256;

    private static final String TEXT_CHANNEL = "final";

    /** Where the next byte belongs. */
    private enum State {
        /** Before the content of a message. */
        HEADER,
        THOUGHT,
        TEXT,
        /** To nothing: the answer has ended. */
        OVER
    }

    private final boolean areMarksTokens;
    /** What may be the start of a mark. */
    private final ByteQueue held = new ByteQueue();
    /** The header so far; from the name of its channel on, if it has one. */
    private final ByteQueue header = new ByteQueue();

    private final ByteQueue thought = new ByteQueue();
    private final ByteQueue text = new ByteQueue();
    private boolean hasChannel;
    /** Whether the header so far has a mark, so that it cannot be text. */
    private boolean isHeaderMarked;

    private boolean hasMarks;
    private State state;

    /**
     * Starts an answer.
     *
     * @param areMarksTokens whether only tokens are marks, else what spells one is a mark
     * @param isText whether the prompt ends with the start of the text, else with that of a header
     */
    ChannelSplitter(boolean areMarksTokens, boolean isText) {
        this.areMarksTokens = areMarksTokens;
        this.state = isText ? State.TEXT : State.HEADER;
    }

    @Override
    public void append(ByteQueue codePoints, boolean isMark) {
        for (int i = 0; i < codePoints.length(); i++) {
            if (isMark || !areMarksTokens) {
                scan(codePoints.at(i));
            } else {
                pass(codePoints.at(i));
            }
        }
        codePoints.cutAt(0);
    }

    private void scan(byte b) {
        held.append(b);
        boolean isOpen = false;
        for (ChannelMark mark : ChannelMark.all()) {
            if (mark.startsWith(held)) {
                if (mark.length() == held.length()) {
                    held.cutAt(0);
                    read(mark);
                    return;
                }
                isOpen = true;
            }
        }
        if (!isOpen) {
            releaseHeld(b == ChannelMark.FIRST ? 1 : 0);
        }
    }

    /** @param last how many of the last bytes may start a mark */
    private void releaseHeld(int last) {
        for (int i = 0; i < held.length() - last; i++) {
            pass(held.at(i));
        }
        held.cutAt(0);
        if (last > 0) {
            held.append(ChannelMark.FIRST);
        }
    }

    private void pass(byte b) {
        switch (state) {
            case HEADER -> {
                header.append(b);
                if (header.length() > MAX_HEADER_BYTES) {
                    releaseHeader();
                }
            }
            case THOUGHT -> thought.append(b);
            case TEXT -> text.append(b);
            case OVER -> {
                // Nothing follows an answer.
            }
        }
    }

    /** It is no header: what was read is text. */
    private void releaseHeader() {
        append(text, header);
        header.cutAt(0);
        state = State.TEXT;
    }

    private static void append(ByteQueue target, ByteQueue source) {
        for (int i = 0; i < source.length(); i++) {
            target.append(source.at(i));
        }
    }

    private void read(ChannelMark mark) {
        hasMarks = true;
        switch (state) {
            case HEADER -> readInHeader(mark);
            case THOUGHT -> readInThought(mark);
            case TEXT -> readInText(mark);
            case OVER -> {
                // Nothing follows an answer.
            }
        }
    }

    private void readInHeader(ChannelMark mark) {
        switch (mark) {
            case START, CHANNEL -> startHeader(mark);
            case CONSTRAIN -> header.append((byte) ' ');
            case MESSAGE -> startMessage();
            case END, RETURN, CALL -> {
                endHeader();
                state = State.OVER;
            }
        }
    }

    private void readInThought(ChannelMark mark) {
        switch (mark) {
            case START, CHANNEL, END -> startHeader(mark);
            case RETURN, CALL -> state = State.OVER;
            case MESSAGE, CONSTRAIN -> mark.appendTo(thought);
        }
    }

    private void readInText(ChannelMark mark) {
        switch (mark) {
            case START, END, RETURN, CALL -> state = State.OVER;
            case CHANNEL, MESSAGE, CONSTRAIN -> mark.appendTo(text);
        }
    }

    private void startHeader(ChannelMark mark) {
        header.cutAt(0);
        hasChannel = mark == ChannelMark.CHANNEL;
        isHeaderMarked = mark != ChannelMark.END;
        state = State.HEADER;
    }

    private void startMessage() {
        String words = header.remove(header.length()).toString().strip();
        // The format of the content may follow the name.
        boolean isText = !hasChannel || words.equals(TEXT_CHANNEL) || words.startsWith(TEXT_CHANNEL + ' ');
        state = isText ? State.TEXT : State.THOUGHT;
    }

    /** No content follows. A header that starts with a mark belongs to nothing. */
    private void endHeader() {
        if (state == State.HEADER && !isHeaderMarked) {
            releaseHeader();
        }
        header.cutAt(0);
    }

    @Override
    public ByteQueue text() {
        return text;
    }

    @Override
    public EscapedText releaseThought() {
        return thought.remove(thought.length());
    }

    @Override
    public void end() {
        releaseHeld(0);
        endHeader();
    }

    @Override
    public boolean isEnded() {
        return state == State.OVER;
    }

    @Override
    public boolean hasThought() {
        return hasMarks;
    }

    @Override
    public boolean holds() {
        return held.length() > 0 || (state == State.HEADER && header.length() > 0);
    }
}
