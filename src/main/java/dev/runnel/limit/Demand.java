package dev.runnel.limit;

import dev.runnel.config.Allowance;

/**
 * The most that one generation may use.
 *
 * @param promptBytes the prompt in UTF-8, 0 or more
 * @param maxTokens 1 or more
 */
public record Demand(long promptBytes, int maxTokens) {

    private static final int BYTES_PER_TOKEN = 4;

    public Demand {
        if (promptBytes < 0 || maxTokens < 1) {
            throw new IllegalArgumentException("promptBytes: " + promptBytes + ", maxTokens: " + maxTokens
                    + " (expected: 0 or more and 1 or more)");
        }
    }

    /** The tokens that are reserved until the true number is known. */
    public long tokens() {
        return promptTokens(promptBytes) + maxTokens;
    }

    /**
     * The {@code maxTokens} of a request without one.
     *
     * @param wanted the value if the allowance leaves that much
     * @return 1 … wanted
     */
    public static int defaultMaxTokens(Allowance allowance, long promptBytes, int wanted) {
        long left = allowance.tokensPerMinute().isPresent()
                ? allowance.tokensPerMinute().getAsInt() - promptTokens(promptBytes)
                : wanted;
        int most = Math.min(wanted, allowance.maxTokens().orElse(wanted));
        return (int) Math.max(1, Math.min(most, left));
    }

    private static long promptTokens(long promptBytes) {
        return (promptBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
