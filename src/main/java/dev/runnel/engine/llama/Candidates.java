package dev.runnel.engine.llama;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.BitSet;

/**
 * All tokens of a vocabulary with their logits, for a sampler that chooses among them: {@code llama_token_data_array}.
 * It is used again for each token. Engine thread only; must be closed.
 */
final class Candidates {

    /** Chosen if no token is left. */
    static final int NONE = -1;

    /** {@code sizeof(llama_token_data)}: id, logit, probability. */
    static final int TOKEN_BYTES = 12;

    /** {@code sizeof(llama_token_data_array)}. */
    static final int ARRAY_BYTES = 32;

    private static final int TOKEN_INTS = 3;
    private static final int LOGIT = 1;
    private static final int SIZE_AT = 8;
    private static final int SELECTED_AT = 16;
    private static final int SORTED_AT = 24;
    private static final int NO_LOGIT = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

    private final Vocabulary vocabulary;
    private final int size;
    private final Memory tokens;
    private final Memory array = new Memory(ARRAY_BYTES);
    private final TokenProbe probe = new TokenProbe();
    private final IntBuffer view;
    private final float[] logits;
    private final int[] copy;

    Candidates(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.size = vocabulary.size();
        this.tokens = new Memory((long) size * TOKEN_BYTES);
        this.view = tokens.getByteBuffer(0, tokens.size())
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        this.logits = new float[size];
        this.copy = new int[size * TOKEN_INTS];
    }

    /** All tokens that have a text or end one, with the logits at {@code index} in the step's batch. */
    void fill(LlamaContext context, int index) {
        Llama.llama_get_logits_ith(context.pointer(), index).read(0, logits, 0, size);
        for (int token = 0, at = 0; token < size; token++, at += TOKEN_INTS) {
            copy[at] = token;
            copy[at + LOGIT] = Float.floatToRawIntBits(logits[token]);
            copy[at + 2] = 0;
        }
        view.put(0, copy);
        set(array, tokens, size);
        reject(vocabulary.withoutText());
    }

    /** Removes some tokens. Only between {@link #fill} and {@link #choose}: a chain sorts the tokens. */
    void reject(BitSet rejected) {
        rejected.stream().forEach(token -> view.put(token * TOKEN_INTS + LOGIT, NO_LOGIT));
    }

    /** Fills a {@code llama_token_data_array}. */
    static void set(Memory array, Memory tokens, int count) {
        array.setPointer(0, tokens);
        array.setLong(SIZE_AT, count);
        array.setLong(SELECTED_AT, -1);
        array.setByte(SORTED_AT, (byte) 0);
    }

    /** Removes the tokens that a grammar rejects, in place. */
    void reject(Pointer grammar) {
        Llama.llama_sampler_apply(grammar, array);
    }

    /** Whether a grammar admits the token now. */
    boolean admits(Pointer grammar, int token) {
        return !vocabulary.withoutText().get(token) && probe.admits(grammar, token);
    }

    /** The token that a chain chooses, or {@link #NONE}. */
    int choose(Pointer chain) {
        if (isEmpty()) {
            return NONE;
        }
        Llama.llama_sampler_apply(chain, array);
        long selected = array.getLong(SELECTED_AT);
        return array.getPointer(0).getInt(selected * TOKEN_BYTES);
    }

    /** A chain that chooses among no tokens has no defined result. */
    private boolean isEmpty() {
        view.get(0, copy);
        for (int at = LOGIT; at < copy.length; at += TOKEN_INTS) {
            if (copy[at] != NO_LOGIT) {
                return false;
            }
        }
        return true;
    }

    void close() {
        tokens.close();
        array.close();
        probe.close();
    }
}
