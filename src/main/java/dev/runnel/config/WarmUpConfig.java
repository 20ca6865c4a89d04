package dev.runnel.config;

import java.time.Duration;

/**
 * What the service does before it is ready.
 *
 * @param duration how long it drives itself, so that the first requests find compiled code; zero is not at all
 */
public record WarmUpConfig(Duration duration) {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    static WarmUpConfig read(Section section) {
        return new WarmUpConfig(section.required("duration", Rule.duration(Duration.ZERO, LONGEST)));
    }
}
