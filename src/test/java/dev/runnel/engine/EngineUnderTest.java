package dev.runnel.engine;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;

/**
 * What {@link EngineContract} has to know of an engine. The model must answer {@link #prompt()} at temperature 0 with
 * the same text each time, and with at least {@link #plenty()} tokens before it ends by itself. Not all prompts
 * have the same text.
 */
public interface EngineUnderTest {

    /** A new engine that was not opened yet. */
    Engine create(EngineEnvironment environment);

    /** What it is asked. */
    default List<Turn> prompt() {
        return List.of(Turn.user("Tell me a story"));
    }

    /** As many tokens as the model certainly gives; so many that a cancel comes before their end. */
    default int plenty() {
        return 400;
    }

    /** Whether it goes on after a text so that the whole is the same at temperature 0. */
    default boolean continues() {
        return false;
    }

    /** The prompt, for {@code maxTokens} tokens, stopping at {@code stop}. */
    default Prompt prompt(int maxTokens, String... stop) {
        var sampling = new Sampling(0.0, null, null, 1L, null, null, List.of(stop));
        return new Prompt(prompt(), sampling, maxTokens, false);
    }
}
