package dev.runnel.engine.llama;

import java.util.Arrays;

/** A text whose evaluated tokens are in the context under one sequence id. Engine thread only. */
final class CachedText {

    private final int sequence;
    private final int reserved;
    private final int[] tokens;
    private int length;
    private int evaluated;

    /**
     * @param prompt the tokens that are known so far
     * @param reserved how many it may have in the end
     */
    CachedText(int sequence, int[] prompt, int reserved) {
        this.sequence = sequence;
        this.reserved = reserved;
        this.tokens = Arrays.copyOf(prompt, reserved);
        this.length = prompt.length;
    }

    int sequence() {
        return sequence;
    }

    int reserved() {
        return reserved;
    }

    int length() {
        return length;
    }

    int evaluated() {
        return evaluated;
    }

    /** The number of known tokens that are not evaluated yet. */
    int pending() {
        return length - evaluated;
    }

    int token(int position) {
        return tokens[position];
    }

    void append(int token) {
        tokens[length++] = token;
    }

    void advance(int count) {
        evaluated += count;
    }

    /**
     * The length of the common prefix of this text's first {@code limit} tokens and another's first {@code otherLimit}.
     */
    int sharedWith(CachedText other, int limit, int otherLimit) {
        int mismatch = Arrays.mismatch(tokens, 0, limit, other.tokens, 0, otherLimit);
        return mismatch < 0 ? limit : mismatch;
    }
}
