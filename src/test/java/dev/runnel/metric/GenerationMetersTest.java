package dev.runnel.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
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
        story.ended("key-1", Outcome.STOP, 4, 10, 9);
        story.ended("", Outcome.TIMED_OUT, 1, 0, 0);
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
                        "runnel_key_requests_total{key=\"key-1\"} 1.0",
                        "runnel_key_requests_total{key=\"none\"} 1.0",
                        "runnel_key_tokens_total{key=\"key-1\",type=\"prompt\"} 4.0",
                        "runnel_key_tokens_total{key=\"key-1\",type=\"completion\"} 10.0",
                        "runnel_queue_seconds_count{model=\"story\"} 1",
                        "runnel_queue_seconds_bucket{model=\"story\",le=\"0.1\"} 1");
    }

    @Test
    void keysBeyondTheBoundAreSummedUnderOther() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        GenerationMeters.OfModel story = new GenerationMeters(registry).model("story");

        for (int round = 0; round < 2; round++) {
            for (int key = 0; key < 1000; key++) {
                story.ended("key-" + key, Outcome.STOP, 2, 3, 3);
            }
        }

        List<String> lines = registry.scrape().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("runnel_key_requests_total{")))
                .hasSize(100 + 2)
                .contains(
                        "runnel_key_requests_total{key=\"key-0\"} 2.0",
                        "runnel_key_requests_total{key=\"key-99\"} 2.0",
                        "runnel_key_requests_total{key=\"other\"} 1800.0",
                        "runnel_key_requests_total{key=\"none\"} 0.0");
        assertThat(lines)
                .contains(
                        "runnel_key_tokens_total{key=\"other\",type=\"prompt\"} 3600.0",
                        "runnel_key_tokens_total{key=\"other\",type=\"completion\"} 5400.0");
    }

    @Test
    void boundOnTheKeysHoldsWhenManyThreadsBringNewOnes() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        GenerationMeters.OfModel story = new GenerationMeters(registry).model("story");

        IntStream.range(0, 20_000).parallel().forEach(i -> story.ended("key-" + i % 500, Outcome.STOP, 1, 1, 1));

        var requests = registry.find("runnel.key.requests").counters();
        assertThat(requests).hasSize(100 + 2);
        assertThat(requests.stream().mapToDouble(Counter::count).sum()).isEqualTo(20_000);
    }
}
