package dev.runnel.engine.llama;

import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.grammar.Grammar;
import dev.runnel.text.Sampling;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A prompt in tokens, with its checked limits and complete sampling. Immutable: no code writes to the array. */
final class TokenizedPrompt implements PreparedPrompt {

    private final int[] tokens;
    private final TokensSoFar tokensSoFar;
    private final int maxTokens;
    private final Sampling sampling;
    private final boolean reproducible;
    private final @Nullable Grammar grammar;
    private final @Nullable ThoughtForm thought;

    /**
     * @param tokens 1 or more, including those of the template
     * @param tokensSoFar the start of the text, of which there may be nothing
     * @param maxTokens of the text, its start included
     * @param sampling complete except for the seed
     * @param reproducible whether the same request gives the same text on an idle engine
     * @param grammar of the text, or {@code null}
     * @param thought how a model that thinks writes its answer; {@code null} for text alone
     */
    TokenizedPrompt(
            int[] tokens,
            TokensSoFar tokensSoFar,
            int maxTokens,
            Sampling sampling,
            boolean reproducible,
            @Nullable Grammar grammar,
            @Nullable ThoughtForm thought) {
        this.tokens = tokens;
        this.tokensSoFar = tokensSoFar;
        this.maxTokens = maxTokens;
        this.sampling = sampling;
        this.reproducible = reproducible;
        this.grammar = grammar;
        this.thought = thought;
    }

    @Override
    public int cells() {
        return tokens.length + tokensSoFar.ids().size() + Math.max(0, maxTokens - tokensSoFar.count());
    }

    /** The prompt's own. */
    int[] tokens() {
        return tokens;
    }

    /** The start of the text. */
    TokensSoFar tokensSoFar() {
        return tokensSoFar;
    }

    /** Those of the prompt, and those of the text's start. */
    int[] allTokens() {
        int[] all = Arrays.copyOf(tokens, tokens.length + tokensSoFar.ids().size());
        tokensSoFar.ids().copyTo(all, tokens.length);
        return all;
    }

    /** Whether all tokens of the text were generated before. */
    boolean isSpent() {
        return tokensSoFar.count() > 0 && tokensSoFar.count() >= maxTokens;
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

    @Nullable
    ThoughtForm thought() {
        return thought;
    }
}
