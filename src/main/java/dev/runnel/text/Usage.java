package dev.runnel.text;

/**
 * What a generation used, in the engine's tokens.
 *
 * @param promptTokens tokens of the prompt, the template's included, 0 … {@link #MAX_TOKENS}
 * @param completionTokens tokens generated, 0 … {@link #MAX_TOKENS}
 * @param estimated whether an upstream reported no tokens, so that deltas were counted
 */
public record Usage(int promptTokens, int completionTokens, boolean estimated) {

    /** More than any model's context holds; twice that is still an {@code int}, which {@link #totalTokens()} needs. */
    public static final int MAX_TOKENS = (1 << 30) - 1;

    /** Nothing used. */
    public static final Usage NONE = new Usage(0, 0, false);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a count is out of its range
     */
    public Usage {
        check("promptTokens", promptTokens);
        check("completionTokens", completionTokens);
    }

    private static void check(String name, int tokens) {
        if (tokens < 0 || tokens > MAX_TOKENS) {
            throw new IllegalArgumentException(name + ": " + tokens + " (expected: 0 … " + MAX_TOKENS + ")");
        }
    }

    /**
     * Both together.
     *
     * @return 0 … 2 · {@link #MAX_TOKENS}
     */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
