package dev.runnel.trace;

import dev.runnel.text.Sampling;

/**
 * What is known of a generation when it is accepted.
 *
 * @param operation what GenAI conventions call it: {@code chat} or {@code text_completion}
 * @param provider who generates
 * @param maxTokens tokens to generate at most; 0 where nobody said
 * @param sampling as it counts; its stop sequences go into no span
 * @param requestId the request that asked for it, or empty
 * @param keyId the key of who asked, or empty
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
