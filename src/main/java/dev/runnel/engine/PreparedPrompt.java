package dev.runnel.engine;

/** A prompt that was checked and counted by the engine that will run it. */
public interface PreparedPrompt {

    /** What it will take of {@link ModelFacts#cells()} while it runs, 1 or more. */
    int cells();

    /** How many tokens the prompt has; 0 where the engine learns that later. Counts where a generation fails. */
    default int promptTokens() {
        return 0;
    }
}
