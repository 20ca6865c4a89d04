package dev.runnel.metric;

import static org.assertj.core.api.Assertions.assertThat;

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
