package dev.runnel.engine;

/** A prompt that was checked and counted by the engine that will run it. */
public interface PreparedPrompt {

    /**
     * What it occupies of {@link ModelFacts#cells()} while it runs.
     *
     * @return 1 or more
     */
    int cells();

    /**
     * How many tokens the prompt has. Used where a generation fails, so that the engine reports no usage.
     *
     * @return 0 where the engine learns the number later
     */
    default int promptTokens() {
        return 0;
    }
}
