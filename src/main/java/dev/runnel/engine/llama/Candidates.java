package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * All tokens of a vocabulary with their logits, for a chain that chooses among them. Used again for each token. Engine
 * thread only; must be closed.
 */
final class Candidates {

    /** Chosen if no token is left. */
    static final int NONE = -1;

    private final Vocabulary vocabulary;
    private final int size;
    private final TokenArray tokens;
    private final TokenProbe probe;
    private final float[] logits;
    private final int[] copy;

    Candidates(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.size = vocabulary.size();
        this.tokens = new TokenArray(vocabulary.llama(), size);
        this.probe = new TokenProbe(vocabulary.llama());
        this.logits = new float[size];
        this.copy = new int[size * TokenArray.TOKEN_INTS];
    }

    /** All tokens that have a text or end one, with the logits at {@code index} in the step's batch. */
    void fill(LlamaContext context, int index) {
        context.logits(index).read(0, logits, 0, size);
        for (int token = 0, at = 0; token < size; token++, at += TokenArray.TOKEN_INTS) {
            copy[at] = token;
            copy[at + TokenArray.LOGIT] = Float.floatToRawIntBits(logits[token]);
        }
        tokens.view().put(0, copy);
        tokens.reset();
        reject(vocabulary.withoutText());
    }

    /** Removes some tokens. Only between {@link #fill} and {@link #choose}: a chain sorts the tokens. */
    void reject(BitSet rejected) {
        rejected.stream()
                .forEach(token ->
                        tokens.view().put(token * TokenArray.TOKEN_INTS + TokenArray.LOGIT, TokenArray.NO_LOGIT));
    }

    /** Removes the tokens that a grammar does not admit now. Only between {@link #fill} and {@link #choose}. */
    void reject(@Nullable Pointer grammar) {
        tokens.apply(grammar);
    }

    /** Whether a grammar admits the token now. */
    boolean admits(@Nullable Pointer grammar, int token) {
        return !vocabulary.withoutText().get(token) && probe.admits(grammar, token);
    }

    /** The token that a chain chooses, or {@link #NONE}. */
    int choose(Pointer chain) {
        if (isEmpty()) {
            return NONE;
        }
        tokens.apply(chain);
        return tokens.selected();
    }

    /** A chain that chooses among no tokens has no defined result. */
    private boolean isEmpty() {
        for (int at = TokenArray.LOGIT; at < copy.length; at += TokenArray.TOKEN_INTS) {
            if (tokens.view().get(at) != TokenArray.NO_LOGIT) {
                return false;
            }
        }
        return true;
    }

    void close() {
        tokens.close();
        probe.close();
    }
}
