package dev.runnel.engine;

import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.Turn;
import java.util.List;

/**
 * What to generate from.
 *
 * @param turns the conversation, oldest first; their content is plain text and never read as control tokens
 * @param sampling as the caller gave it; the model's and then the engine's defaults apply to what is left out
 * @param maxTokens tokens to generate at most, 1 or more, with those of {@code textSoFar}
 * @param maxTokensIsDefault whether the caller left {@code maxTokens} out, so that the engine may lower it to what the
 *     context leaves
 * @param options a JSON object with what the engine alone reads, see {@link Options}; empty without any
 * @param textSoFar the start of the text, which another run has generated. The engine goes on after it, and counts its
 *     tokens in the usage. An engine that cannot go on refuses with {@code
 *     INVALID_REQUEST}; one that finds that out later fails with {@link dev.runnel.text.Failure#notContinued}
 */
public record Prompt(
        List<Turn> turns,
        Sampling sampling,
        int maxTokens,
        boolean maxTokensIsDefault,
        String options,
        TextSoFar textSoFar) {

    /** Copies the turns. */
    public Prompt {
        turns = List.copyOf(turns);
    }

    /** Of a text that starts. */
    public Prompt(List<Turn> turns, Sampling sampling, int maxTokens, boolean maxTokensIsDefault, String options) {
        this(turns, sampling, maxTokens, maxTokensIsDefault, options, TextSoFar.NONE);
    }

    /** Without options. */
    public Prompt(List<Turn> turns, Sampling sampling, int maxTokens, boolean maxTokensIsDefault) {
        this(turns, sampling, maxTokens, maxTokensIsDefault, "");
    }

    /**
     * The same, where another run has generated the start of the text.
     *
     * @param text its start
     * @return the prompt
     */
    public Prompt after(TextSoFar text) {
        return new Prompt(turns, sampling, maxTokens, maxTokensIsDefault, options, text);
    }

    /** Leaves the options out: they may hold the caller's text. */
    @Override
    public String toString() {
        return "Prompt[turns=" + turns + ", sampling=" + sampling + ", maxTokens=" + maxTokens + ", options="
                + options.length() + " chars, textSoFar=" + textSoFar + "]";
    }
}
