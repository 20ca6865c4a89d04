package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.engine.grammar.Grammar;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses tokens so that the text follows a grammar. Mostly the chain chooses such a token by itself, and only that
 * one is checked. If the grammar rejects it, all tokens are checked, and the chain chooses among those that are left.
 * Engine thread only; must be closed.
 *
 * <p>llama.cpp ends the process if a grammar gets a token that it rejects. So no token is accepted without a check.
 */
final class GrammarSampler {

    private final Candidates candidates;
    private final Vocabulary vocabulary;
    private final boolean endsItself;
    private final @Nullable Pointer grammar;
    private Utf8State text = Utf8State.WHOLE;

    /** @throws IllegalStateException if llama.cpp does not read the grammar */
    GrammarSampler(Grammar grammar, Vocabulary vocabulary, Candidates candidates) {
        this.candidates = candidates;
        this.vocabulary = vocabulary;
        this.endsItself = grammar.endsItself();
        this.grammar = vocabulary.grammar(grammar);
        if (isComplete()) {
            close();
            throw new IllegalStateException(
                    "llama.cpp does not read a grammar of " + grammar.gbnf().length() + " bytes");
        }
    }

    /** The next token, or {@link Candidates#NONE} if no token of the model continues the text. */
    int sample(Pointer chain, LlamaContext context, int index) {
        candidates.fill(context, index);
        int token = candidates.choose(chain);
        BitSet invalid = new BitSet();
        while (token != Candidates.NONE && !admits(token)) {
            candidates.fill(context, index);
            candidates.reject(grammar);
            // The grammar itself rejects all others.
            invalid.set(token);
            candidates.reject(invalid);
            token = candidates.choose(chain);
        }
        if (token != Candidates.NONE) {
            append(chain, token);
        }
        return token;
    }

    private void append(Pointer chain, int token) {
        text = vocabulary.after(text, token).orElseThrow();
        vocabulary.llama().llama_sampler_accept(grammar, token);
        vocabulary.llama().llama_sampler_accept(chain, token);
    }

    /** Appends a token that was chosen elsewhere; returns whether the grammar admits it. */
    boolean accept(Pointer chain, int token) {
        boolean admitted = admits(token);
        if (admitted) {
            append(chain, token);
        }
        return admitted;
    }

    private boolean admits(int token) {
        return candidates.admits(grammar, token)
                && vocabulary.after(text, token).isPresent();
    }

    /** Whether the text is whole. */
    boolean isComplete() {
        return candidates.admits(grammar, vocabulary.endOfText());
    }

    /** Whether the text is whole and cannot go on. */
    boolean isEnded() {
        return endsItself && isComplete();
    }

    void close() {
        vocabulary.llama().llama_sampler_free(grammar);
    }
}
