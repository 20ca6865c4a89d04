package dev.runnel.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runnel.Runnel;
import dev.runnel.ServiceConfig;
import dev.runnel.WarmUpTask;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the metrics equals a scrape of a service. {@code -Drunnel.pages=write} writes the page. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("src/site/markdown/operations/metrics.md");

    /** One model in the process and one that is relayed, so that the upstream metrics exist. */
    private static final String CONFIG = """
            http: { port: 0 }
            management: { port: 0 }
            defaultModel: story
            models:
              - { name: story, engine: scripted }
              - { name: relayed, engine: openai, upstreams: [ { url: "http://127.0.0.1:9/v1", model: any } ] }
            """;

    @TempDir
    private Path data;

    private String scrape() throws Exception {
        RunnelConfig config = ServiceConfig.of(CONFIG, data);
        var metrics = new Metrics();
        Runnel runnel = Runnel.start(config, EngineListener.SILENT, WarmUpTask.NONE, metrics)
                .await(20, TimeUnit.SECONDS);
        try {
            runnel.opened().await(20, TimeUnit.SECONDS);
            return metrics.scrape();
        } finally {
            runnel.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void pageEqualsWhatAServiceServes() throws Exception {
        String page = MetricsPage.of(scrape());
        if ("write".equals(System.getProperty("runnel.pages"))) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("%s (to write it anew: mvn test -Dtest=MetricsPageTest -Drunnel.pages=write)", PAGE)
                .hasContent(page);
    }

    @Test
    void valueOfALabelWithoutItsMeaningIsRefused() {
        String scrape = """
                # HELP runnel_stream_closed_total Streams
                # TYPE runnel_stream_closed_total counter
                runnel_stream_closed_total{cause="unheard_of"} 1.0
                """;

        assertThatIllegalStateException()
                .isThrownBy(() -> MetricsPage.of(scrape))
                .withMessageContaining("unheard_of");
    }

    @Test
    void metricHasItsTypeLabelsUnitAndDescription() {
        String page = MetricsPage.of("""
                # HELP runnel_wait_seconds How long
                # TYPE runnel_wait_seconds histogram
                runnel_wait_seconds_bucket{cause="slow",le="0.1"} 1
                runnel_wait_seconds_count{cause="quick"} 1
                # HELP runnel_wait_seconds_max How long
                # TYPE runnel_wait_seconds_max gauge
                runnel_wait_seconds_max{cause="slow"} 1
                # HELP runnel_open How many
                # TYPE runnel_open gauge
                runnel_open 1.0
                # HELP jvm_threads Threads
                # TYPE jvm_threads gauge
                jvm_threads 1.0
                """);

        assertThat(page.lines().filter(line -> line.startsWith("| `")))
                .containsExactly(
                        "| `runnel_open` | gauge | – | – | How many |",
                        "| `runnel_wait_seconds` | histogram | `cause` | seconds | How long |",
                        "| `runnel_wait_seconds` | `cause` | `quick`, `slow` |");
    }
}
