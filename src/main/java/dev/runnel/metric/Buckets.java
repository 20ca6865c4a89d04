package dev.runnel.metric;

import java.time.Duration;
import java.util.Arrays;

/** The bounds of histograms, in seconds. */
final class Buckets {

    /** OpenTelemetry's GenAI conventions, {@code gen_ai.server.request.duration}. */
    static final Duration[] REQUEST =
            seconds(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

    /** OpenTelemetry's GenAI conventions, {@code gen_ai.server.time_to_first_token}. */
    static final Duration[] FIRST_TOKEN =
            seconds(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

    /** OpenTelemetry's GenAI conventions, {@code gen_ai.server.time_per_output_token}. */
    static final Duration[] PER_TOKEN =
            seconds(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);

    static final Duration[] QUEUE = seconds(0.001, 0.01, 0.1, 0.5, 1, 5, 15, 30, 60);

    static final Duration[] PAUSE = seconds(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

    static final Duration[] CANCEL = seconds(0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30);

    private Buckets() {}

    private static Duration[] seconds(double... bounds) {
        return Arrays.stream(bounds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }
}
