package dev.runnel.engine;

/**
 * The limits of an opened model.
 *
 * @param contextTokens prompt and completion of one generation together, at most; 0 if the engine does not know
 * @param sequences generations at once, 1 or more
 * @param cells what all running generations may use together, in the unit of {@link PreparedPrompt#cells()}
 */
public record ModelFacts(int contextTokens, int sequences, int cells) {

    public ModelFacts {
        if (contextTokens < 0 || sequences < 1 || cells < 1) {
            throw new IllegalArgumentException("contextTokens, sequences, cells: " + contextTokens + ", " + sequences
                    + ", " + cells + " (expected: >= 0, >= 1, >= 1)");
        }
    }
}
