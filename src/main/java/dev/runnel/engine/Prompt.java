package dev.runnel.engine;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;

/**
 * What to generate from.
 *
 * @param turns the conversation, oldest first; their content is plain text and never read as control tokens
 * @param sampling as the caller gave it; the model's and then the engine's defaults apply to what is left out
 * @param maxTokens tokens to generate at most, 1 or more
 * @param maxTokensIsDefault whether the caller left {@code maxTokens} out, so that the engine may lower it to what the
 *     context leaves
 * @param options a JSON object with what the engine alone reads, see {@link Options}; empty without any
 */
public record Prompt(List<Turn> turns, Sampling sampling, int maxTokens, boolean maxTokensIsDefault, String options) {

    /** Copies the turns. */
    public Prompt {
        turns = List.copyOf(turns);
    }

    /** Without options. */
    public Prompt(List<Turn> turns, Sampling sampling, int maxTokens, boolean maxTokensIsDefault) {
        this(turns, sampling, maxTokens, maxTokensIsDefault, "");
    }

    /** Leaves the options out: they may hold the caller's text. */
    @Override
    public String toString() {
        return "Prompt[turns=" + turns + ", sampling=" + sampling + ", maxTokens=" + maxTokens + ", options="
                + options.length() + " chars]";
    }
}
