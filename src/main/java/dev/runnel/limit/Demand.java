package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.text.TokenEstimate;

/**
 * The most that one generation may use.
 *
 * @param promptBytes the prompt in UTF-8, 0 or more
 * @param maxTokens 1 or more
 */
public record Demand(long promptBytes, int maxTokens) {

    public Demand {
        if (promptBytes < 0 || maxTokens < 1) {
            throw new IllegalArgumentException("promptBytes: " + promptBytes + ", maxTokens: " + maxTokens
                    + " (expected: 0 or more and 1 or more)");
        }
    }

    /** The tokens that are reserved until the true number is known. */
    public long tokens() {
        return TokenEstimate.ofBytes(promptBytes) + maxTokens;
    }

    /** Whether it is more than the key may use in a minute: then it can never be admitted. */
    public boolean exceeds(Allowance allowance) {
        return allowance.tokensPerMinute().isPresent()
                && tokens() > allowance.tokensPerMinute().getAsInt();
    }

    /**
     * The {@code maxTokens} of a request without one.
     *
     * @param wanted the value if the allowance leaves that much
     * @return 1 … wanted
     */
    public static int defaultMaxTokens(Allowance allowance, long promptBytes, int wanted) {
        long left = allowance.tokensPerMinute().isPresent()
                ? allowance.tokensPerMinute().getAsInt() - TokenEstimate.ofBytes(promptBytes)
                : wanted;
        int most = Math.min(wanted, allowance.maxTokens().orElse(wanted));
        return (int) Math.max(1, Math.min(most, left));
    }
}
