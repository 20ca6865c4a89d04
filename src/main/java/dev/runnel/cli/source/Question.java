package dev.runnel.cli.source;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;
import java.util.OptionalInt;

/**
 * What to generate.
 *
 * @param model the model's name; empty is the default model
 * @param turns the conversation, oldest first; the last turn is the user's
 * @param maxTokens the most tokens to generate; empty is the service's default
 * @param sampling how tokens are chosen; a value that is {@code null} is the model's default
 */
public record Question(String model, List<Turn> turns, OptionalInt maxTokens, Sampling sampling) {

    /** Copies the turns. */
    public Question {
        turns = List.copyOf(turns);
    }
}
