package dev.runnel.engine;

/** A prompt that the engine which will run it has checked and counted. */
public interface PreparedPrompt {

    /** What it uses of {@link ModelFacts#cells()} while it runs, 1 or more. */
    int cells();

    /** The tokens of the prompt; 0 if the engine learns that later. Used for the usage of a generation that fails. */
    default int promptTokens() {
        return 0;
    }
}
