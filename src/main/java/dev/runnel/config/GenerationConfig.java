package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;

/**
 * Bounds of every generation.
 *
 * @param maxTokens the largest {@code maxTokens} of a request
 * @param defaultMaxTokens the {@code maxTokens} of a request that does not set it, 1 … {@code maxTokens}
 * @param queue the most waiting generations per model, half of it per key; 0 refuses what cannot run immediately
 * @param queueWait the longest wait in the queue
 * @param firstToken the longest time from the start of a generation to its first token
 * @param nextToken the longest time to each further token
 * @param longest the longest time from the start of a generation to its end
 * @param maxTextBytes the longest text of a generation, in bytes of its JSON form
 */
public record GenerationConfig(
        int maxTokens,
        int defaultMaxTokens,
        int queue,
        Duration queueWait,
        Duration firstToken,
        Duration nextToken,
        Duration longest,
        int maxTextBytes) {

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
                section.required("nextToken", deadline),
                section.required("longest", deadline),
                section.required("maxTextBytes", Rule.integer(1024, 64 << 20)));
    }
}
