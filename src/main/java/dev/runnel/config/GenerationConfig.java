package dev.runnel.config;

import java.time.Duration;

/**
 * Bounds of every generation.
 *
 * @param maxTokens the largest {@code maxTokens} that a request may ask for
 * @param defaultMaxTokens what counts where a request says nothing
 * @param queue how many generations may wait per model
 * @param queueWait how long one may wait, at most
 * @param firstToken how long the first token may take once it runs
 * @param nextToken how long each further token may take
 */
public record GenerationConfig(
        int maxTokens, int defaultMaxTokens, int queue, Duration queueWait, Duration firstToken, Duration nextToken) {}
