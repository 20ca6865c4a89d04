package dev.runnel.engine;

import java.util.Set;

/**
 * What an opened model can do.
 *
 * @param contextTokens prompt and completion of one generation together, at most; 0 where the engine does not know
 * @param sequences generations at once, 1 or more
 * @param cells what all running generations may occupy together, in the unit of {@link PreparedPrompt#cells()}
 * @param promptBytes a prompt with more bytes of UTF-8 cannot fit, whatever its text is; 0 where the engine does not
 *     know
 * @param preparesAtOnce whether {@link Engine#prepare} is complete when it returns. Then prompts need not
 *     wait for each other
 * @param passThrough the names of the members of a request of an OpenAI-compatible route that its server gets as they
 *     came
 */
public record ModelFacts(
        int contextTokens,
        int sequences,
        int cells,
        long promptBytes,
        boolean preparesAtOnce,
        Set<String> passThrough) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ModelFacts {
        if (contextTokens < 0 || sequences < 1 || cells < 1 || promptBytes < 0) {
            throw new IllegalArgumentException("contextTokens, sequences, cells, promptBytes: " + contextTokens + ", "
                    + sequences + ", " + cells + ", " + promptBytes + " (expected: >= 0, >= 1, >= 1, >= 0)");
        }
        passThrough = Set.copyOf(passThrough);
    }

    /** The facts of an engine that needs time for each prompt. */
    public ModelFacts(int contextTokens, int sequences, int cells, long promptBytes) {
        this(contextTokens, sequences, cells, promptBytes, false, Set.of());
    }

    /** The facts of an engine that does not know how many bytes a prompt may have. */
    public ModelFacts(int contextTokens, int sequences, int cells) {
        this(contextTokens, sequences, cells, 0);
    }

    /**
     * The same facts of an engine that prepares every prompt within the call.
     *
     * @return with {@link #preparesAtOnce}
     */
    public ModelFacts preparingAtOnce() {
        return new ModelFacts(contextTokens, sequences, cells, promptBytes, true, passThrough);
    }

    /**
     * The same facts of a model whose server gets these members as they came.
     *
     * @return with {@link #passThrough}
     */
    public ModelFacts passing(Set<String> names) {
        return new ModelFacts(contextTokens, sequences, cells, promptBytes, preparesAtOnce, names);
    }
}
