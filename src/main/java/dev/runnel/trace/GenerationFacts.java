package dev.runnel.trace;

import dev.runnel.text.Sampling;

/**
 * What is known of a generation at its acceptance.
 *
 * @param operation the word of OpenTelemetry's GenAI conventions: {@code chat} or {@code text_completion}
 * @param provider what generates the text
 * @param maxTokens tokens to generate at most; 0 if the request does not say
 * @param sampling the values in effect; no span has the stop sequences
 * @param requestId the request that asked for it, or empty
 * @param keyId the caller's key, or empty
 */
public record GenerationFacts(
        String id,
        String operation,
        String provider,
        String model,
        int maxTokens,
        Sampling sampling,
        String requestId,
        String keyId) {}
