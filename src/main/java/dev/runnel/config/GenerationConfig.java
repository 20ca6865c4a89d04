package dev.runnel.config;

import java.time.Duration;

/**
 * Bounds of every generation.
 *
 * @param maxTokens the largest {@code maxTokens} that a request may ask for
 * @param defaultMaxTokens what counts where a request says nothing, 1 … {@code maxTokens}
 * @param queue how many generations may wait per model, of one key half as many; 0 refuses what cannot run at once
 * @param queueWait how long one may wait, at most
 * @param firstToken how long the first token may take once it runs
 * @param nextToken how long each further token may take
 */
public record GenerationConfig(
        int maxTokens, int defaultMaxTokens, int queue, Duration queueWait, Duration firstToken, Duration nextToken) {

    public GenerationConfig {
        if (defaultMaxTokens < 1 || defaultMaxTokens > maxTokens || queue < 0) {
            throw new IllegalArgumentException("defaultMaxTokens, maxTokens, queue: " + defaultMaxTokens + ", "
                    + maxTokens + ", " + queue + " (expected: 1 … maxTokens, >= 1, >= 0)");
        }
    }

    static GenerationConfig read(Section section) {
        Rule<Duration> deadline = Rule.duration(Duration.ofMillis(10), Duration.ofHours(24));
        int maxTokens = section.required("maxTokens", Rule.integer(1, 1_000_000));
        int defaultMaxTokens = section.required("defaultMaxTokens", Rule.integer(1, 1_000_000));
        if (defaultMaxTokens > maxTokens && section.isSound("maxTokens")) {
            section.complain("defaultMaxTokens", defaultMaxTokens, "1 … maxTokens, which is " + maxTokens);
        }
        return new GenerationConfig(
                maxTokens,
                Math.min(defaultMaxTokens, maxTokens),
                section.required("queue", Rule.integer(0, 100_000)),
                section.required("queueWait", deadline),
                section.required("firstToken", deadline),
                section.required("nextToken", deadline));
    }
}
