package dev.runnel.engine.llama;

import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.grammar.Grammar;
import dev.runnel.text.Sampling;
import org.jspecify.annotations.Nullable;

/** A prompt in tokens, with its checked limits and complete sampling. Immutable: no code writes to the array. */
final class TokenizedPrompt implements PreparedPrompt {

    private final int[] tokens;
    private final int maxTokens;
    private final Sampling sampling;
    private final boolean reproducible;
    private final @Nullable Grammar grammar;

    /**
     * @param tokens 1 or more, including those of the template
     * @param sampling complete except for the seed
     * @param reproducible whether the same request gives the same text on an idle engine
     * @param grammar of the text, or {@code null}
     */
    TokenizedPrompt(int[] tokens, int maxTokens, Sampling sampling, boolean reproducible, @Nullable Grammar grammar) {
        this.tokens = tokens;
        this.maxTokens = maxTokens;
        this.sampling = sampling;
        this.reproducible = reproducible;
        this.grammar = grammar;
    }

    @Override
    public int cells() {
        return tokens.length + maxTokens;
    }

    int[] tokens() {
        return tokens;
    }

    int maxTokens() {
        return maxTokens;
    }

    Sampling sampling() {
        return sampling;
    }

    boolean reproducible() {
        return reproducible;
    }

    @Nullable
    Grammar grammar() {
        return grammar;
    }
}
