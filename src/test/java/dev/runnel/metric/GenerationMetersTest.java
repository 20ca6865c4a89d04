package dev.runnel.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationMetersTest {

    private enum Outcome {
        STOP,
        TIMED_OUT
    }

    @Test
    void metersHaveTheNamesThatDashboardsUse() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new GenerationMeters(registry);
        GenerationMeters.OfModel story = meters.model("story");

        story.show(() -> 3, () -> 2, () -> 700);
        story.queued(Duration.ofMillis(50).toNanos());
        story.ended(Outcome.STOP, 4, 10, 9);
        story.ended(Outcome.TIMED_OUT, 1, 0, 0);
        meters.refused(Outcome.TIMED_OUT);

        List<String> lines = registry.scrape().lines().toList();
        assertThat(lines)
                .contains(
                        "runnel_queue_depth{model=\"story\"} 3.0",
                        "runnel_generations_running{model=\"story\"} 2.0",
                        "runnel_generations_cells{model=\"story\"} 700.0",
                        "runnel_generations_total{model=\"story\",outcome=\"stop\"} 1.0",
                        "runnel_generations_total{model=\"story\",outcome=\"timed_out\"} 1.0",
                        "runnel_generations_refused_total{reason=\"timed_out\"} 1.0",
                        "runnel_tokens_total{model=\"story\",type=\"prompt\"} 5.0",
                        "runnel_tokens_total{model=\"story\",type=\"completion\"} 10.0",
                        "runnel_deltas_total{model=\"story\"} 9.0",
                        "runnel_queue_seconds_count{model=\"story\"} 1",
                        "runnel_queue_seconds_bucket{model=\"story\",le=\"0.1\"} 1");
    }
}
