package dev.runnel.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void buildIsShownAsInformation() {
        try (Metrics metrics = new Metrics()) {
            metrics.showBuild("1.2.3", "17.0.1");

            assertThat(metrics.scrape()).contains("runnel_build_info{java_version=\"17.0.1\",version=\"1.2.3\"} 1");
        }
    }

    @Test
    void partsAreTheWhole() {
        try (Metrics metrics = new Metrics()) {
            MeterRegistry registry = metrics.registry();
            for (int i = 0; i < 30; i++) {
                registry.counter("some.counter." + i, "label", "one").increment();
                registry.counter("some.counter." + i, "label", "two").increment();
            }
            Timer.builder("some.timer")
                    .serviceLevelObjectives(Duration.ofMillis(5))
                    .register(registry)
                    .record(Duration.ofMillis(3));
            registry.summary("some.summary").record(3);
            metrics.showBuild("1.2.3", "17.0.1");

            String whole = ((PrometheusMeterRegistry) registry).scrape();

            assertThat(metrics.parts()).hasSizeGreaterThan(3);
            assertThat(metrics.scrape().lines())
                    .containsExactlyInAnyOrderElementsOf(whole.lines().toList());
        }
    }

    @Test
    void metricsThatAreOffCountAndShowNothing() {
        try (Metrics metrics = Metrics.off()) {
            var streams = new StreamMeters(metrics.registry());

            streams.opened();
            streams.closed(StreamMeters.Cause.FINISHED);

            assertThat(metrics.scrape()).isEmpty();
            assertThat(metrics.registry().get("runnel.stream.closed").counters())
                    .allSatisfy(counter -> assertThat(counter.count()).isZero());
            assertThat(metrics.vertxOptions().isEnabled()).isFalse();
        }
    }
}
