package dev.runnel.metric;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one generation came to, that had been accepted.
 *
 * @param keyId the key that asked for it; empty where there is none
 * @param error why it did not end as it should
 * @param deltas how many were sent
 * @param nanos from being accepted to its end
 * @param nanosPerToken between its first and its last token; empty where only one came
 * @param longestPauseNanos between two pieces, the end included; empty where none came
 * @param cancelNanos from the consumer's leaving to the engine's end; empty where it stayed
 */
public record GenerationEnd(
        String keyId,
        Enum<?> outcome,
        Optional<? extends Enum<?>> error,
        int promptTokens,
        int completionTokens,
        long deltas,
        long nanos,
        OptionalLong nanosPerToken,
        OptionalLong longestPauseNanos,
        OptionalLong cancelNanos) {}
