package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;

/**
 * Resumable generations: those of requests with an {@code Idempotency-Key}, and background responses.
 *
 * @param grace how long a generation runs on without a reader
 * @param retention how long its text is kept after its end
 * @param maxBytes the most memory of kept texts; one caller has at most half of it
 * @param maxGenerations the most kept generations; one caller has at most half of them
 * @param readers the most readers of one generation at once
 */
public record ResumeConfig(Duration grace, Duration retention, long maxBytes, int maxGenerations, int readers) {

    public ResumeConfig {
        if (maxBytes < 1 || maxGenerations < 1 || readers < 1) {
            throw new IllegalArgumentException("maxBytes, maxGenerations, readers: " + maxBytes + ", " + maxGenerations
                    + ", " + readers + " (expected: >= 1 each)");
        }
    }

    static ResumeConfig read(Section section) {
        Rule<Duration> time = Rule.duration(Duration.ofMillis(10), Duration.ofHours(1));
        return new ResumeConfig(
                section.required("grace", time),
                section.required("retention", time),
                section.required("maxBytes", Rule.size(1024, 1L << 40)),
                section.required("maxGenerations", Rule.integer(2, 10_000_000)),
                section.required("readers", Rule.integer(1, 1000)));
    }
}
