package dev.runnel.engine.llama;

import dev.runnel.engine.PreparedPrompt;
import dev.runnel.text.Sampling;

/** A prompt as this engine runs it. Immutable: nobody writes to the array. */
final class TokenizedPrompt implements PreparedPrompt {

    private final int[] tokens;
    private final int maxTokens;
    private final Sampling sampling;
    private final boolean reproducible;

    /**
     * @param tokens 1 or more, the template's included
     * @param sampling with nothing left out but the seed
     * @param reproducible whether the same request should give the same text on an idle engine
     */
    TokenizedPrompt(int[] tokens, int maxTokens, Sampling sampling, boolean reproducible) {
        this.tokens = tokens;
        this.maxTokens = maxTokens;
        this.sampling = sampling;
        this.reproducible = reproducible;
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
}
