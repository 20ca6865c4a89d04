package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;
import dev.runnel.text.TextSoFar;
import java.util.ArrayList;
import java.util.List;

/**
 * The place where an upstream goes on after a text. What the continuation repeats of that text is left out. That is the
 * white space at its end, which no upstream is sent, and the whole text, which some upstreams send again. An upstream
 * that repeats only the start of the text has started a new answer. So the first text is held back until it differs
 * from that start. It is at most as long as the text so far, and usually one character. For one thread.
 */
final class Seam {

    /** Fewer characters may be the same by chance. */
    static final int SHORTEST_REPETITION = 8;

    /** White space at the start of a continuation is held back until there is so much. */
    static final int MOST_SPACE = 256;

    /** What the continuation is, as far as it is known. */
    enum State {
        /** All of it may be a repetition, and is held back. */
        UNDECIDED,
        /** It goes on after the text. */
        CONTINUES,
        /** It is a new answer. Nothing of it is passed on. */
        NEW_ANSWER
    }

    private final String start;
    private final String space;
    private final int saidTokens;

    private final StringBuilder held = new StringBuilder();
    /** What is held back, as it came. */
    private final List<Piece> pieces = new ArrayList<>();

    /** How many characters of the start are repeated. */
    private int repeated;
    /** How many characters of the white space are repeated. */
    private int repeatedSpace;

    private int tokens;
    private int repeatedTokens;
    private State state;

    /**
     * A piece of the text that is held back.
     *
     * @param end where it ends in that text
     * @param tokens how many tokens it is
     */
    private record Piece(int end, int tokens) {}

    Seam(TextSoFar said) {
        String sent = sent(said);
        this.start = sent.stripLeading();
        this.space = said.text().substring(sent.length());
        this.saidTokens = said.tokens();
        // After white space alone a new answer is asked for.
        this.state = start.isEmpty() ? State.CONTINUES : State.UNDECIDED;
    }

    /** What an upstream is sent of a text: many templates remove white space at the end of a message. */
    static String sent(TextSoFar said) {
        return said.text().stripTrailing();
    }

    State state() {
        return state;
    }

    /** Whether all further text is passed on as it is. */
    boolean isPassed() {
        return state == State.CONTINUES && repeatedSpace == space.length();
    }

    /** How many of the upstream's tokens repeat the text so far. */
    int repeatedTokens() {
        return repeatedTokens;
    }

    /** How many tokens the text is that was last returned. */
    int tokens() {
        return tokens;
    }

    /** Returns what to pass on after the next piece; perhaps empty. */
    EscapedText next(EscapedText piece, int pieceTokens) {
        held.append(piece);
        pieces.add(new Piece(held.length(), pieceTokens));
        tokens = 0;
        if (state == State.UNDECIDED) {
            compare();
        }
        return state == State.CONTINUES ? release() : EscapedText.EMPTY;
    }

    /** Returns what is held back: no more text comes. */
    EscapedText end() {
        tokens = 0;
        if (state == State.UNDECIDED) {
            decide();
        }
        return state == State.CONTINUES ? release() : EscapedText.EMPTY;
    }

    private void compare() {
        int from = leadingSpace();
        while (from + repeated < held.length()
                && repeated < start.length()
                && held.charAt(from + repeated) == start.charAt(repeated)) {
            repeated++;
        }
        if (repeated == start.length() && repeated >= SHORTEST_REPETITION) {
            leaveOut(from + repeated);
        } else if (repeated == start.length() || from + repeated < held.length() || from > MOST_SPACE) {
            decide();
        }
    }

    private int leadingSpace() {
        int length = 0;
        while (length < held.length() && Character.isWhitespace(held.charAt(length))) {
            length++;
        }
        return length;
    }

    /** The whole text was repeated. */
    private void leaveOut(int length) {
        int heldTokens = pieces.stream().mapToInt(Piece::tokens).sum();
        held.delete(0, length);
        repeatedTokens = held.isEmpty() ? heldTokens : Math.min(saidTokens, heldTokens);
        pieces.clear();
        pieces.add(new Piece(held.length(), heldTokens - repeatedTokens));
        state = State.CONTINUES;
    }

    /** A short text that was repeated as a whole may be a new answer, or the next word: it is not continued. */
    private void decide() {
        boolean isWhole = repeated == start.length();
        state = isWhole || repeated >= SHORTEST_REPETITION ? State.NEW_ANSWER : State.CONTINUES;
    }

    private EscapedText release() {
        int from = 0;
        while (from < held.length() && repeatedSpace < space.length()) {
            if (held.charAt(from) == space.charAt(repeatedSpace)) {
                from++;
                repeatedSpace++;
            } else {
                repeatedSpace = space.length();
            }
        }
        EscapedText text = EscapedText.of(held.substring(from));
        held.setLength(0);
        count(from);
        return text;
    }

    /** Pieces of nothing but repeated white space are free, as the earlier run has counted it. */
    private void count(int repeatedTo) {
        for (Piece piece : pieces) {
            if (repeatedTo > 0 && piece.end() <= repeatedTo) {
                repeatedTokens += piece.tokens();
            } else {
                tokens += piece.tokens();
            }
        }
        pieces.clear();
    }
}
