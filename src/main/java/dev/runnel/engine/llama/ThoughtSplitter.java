package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Splits what a model generates into its thought and its text. The marks belong to neither, nor does white space after
 * a mark. An answer without the start mark is text. Engine thread only.
 */
final class ThoughtSplitter implements AnswerSplitter {

    /** Where the next byte belongs. */
    private enum State {
        /** White space, or a part of the start mark. */
        START,
        /** White space after the start mark. */
        THOUGHT_START,
        THOUGHT,
        /** White space after the end mark. */
        TEXT_START,
        TEXT
    }

    private final byte[] startMark;
    private final StopMatcher endMark;
    private final ByteQueue one = new ByteQueue();
    /** What was read in {@link State#START}. */
    private final ByteQueue start = new ByteQueue();

    private final ByteQueue text = new ByteQueue();
    private int matched;
    private boolean hasThought;
    private boolean isOver;
    private State state;

    /** @param isOpen whether the prompt ends with the start mark */
    ThoughtSplitter(ThoughtMarks marks, boolean isOpen) {
        this.startMark = marks.start().getBytes(StandardCharsets.UTF_8);
        this.endMark = new StopMatcher(List.of(marks.end()));
        this.state = isOpen ? State.THOUGHT_START : State.START;
        this.hasThought = isOpen;
    }

    /** What spells a mark is one. */
    @Override
    public void append(ByteQueue codePoints, boolean isMark) {
        for (int i = 0; i < codePoints.length(); i++) {
            append(codePoints.at(i));
        }
        codePoints.cutAt(0);
    }

    private void append(byte b) {
        switch (state) {
            case START -> start(b);
            case THOUGHT_START, THOUGHT -> thought(b);
            case TEXT_START, TEXT -> text(b);
        }
    }

    private void start(byte b) {
        start.append(b);
        if (matched == 0 && isSpace(b)) {
            return;
        }
        if (b != startMark[matched]) {
            releaseStart();
        } else if (++matched == startMark.length) {
            start.cutAt(0);
            hasThought = true;
            state = State.THOUGHT_START;
        }
    }

    /** It is no thought: what was read is text. */
    private void releaseStart() {
        for (int i = 0; i < start.length(); i++) {
            text.append(start.at(i));
        }
        start.cutAt(0);
        state = State.TEXT;
    }

    private void thought(byte b) {
        if (state == State.THOUGHT_START && isSpace(b)) {
            return;
        }
        state = State.THOUGHT;
        one.append(b);
        endMark.append(one);
        if (endMark.found()) {
            state = State.TEXT_START;
        }
    }

    private void text(byte b) {
        if (state == State.TEXT_START && isSpace(b)) {
            return;
        }
        state = State.TEXT;
        text.append(b);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    @Override
    public ByteQueue text() {
        return text;
    }

    @Override
    public EscapedText releaseThought() {
        return isOver ? endMark.releaseAll() : endMark.release();
    }

    @Override
    public void end() {
        isOver = true;
        if (state == State.START) {
            releaseStart();
        }
    }

    /** No mark ends an answer. */
    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public boolean hasThought() {
        return hasThought;
    }

    @Override
    public boolean holds() {
        return start.length() > 0 || endMark.holds();
    }
}
