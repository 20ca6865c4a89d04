package dev.runnel.engine;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;

/**
 * The input of a generation.
 *
 * @param turns the conversation, oldest first; their content is plain text and never interpreted as control tokens
 * @param sampling the caller's values; the model's and then the engine's defaults fill the gaps
 * @param maxTokens tokens to generate at most, 1 or more
 * @param maxTokensIsDefault whether the caller left it out, so that the engine may lower it to fit the context
 */
public record Prompt(List<Turn> turns, Sampling sampling, int maxTokens, boolean maxTokensIsDefault) {

    public Prompt {
        turns = List.copyOf(turns);
    }
}
