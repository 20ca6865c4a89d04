package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes the service under a load in which everything happens, and its alerts and dashboard see it.
 */
@ExtendWith(VertxExtension.class)
class PrometheusIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static Load load;
    private static PrometheusServer prometheus;
    private static ClusterMetersPage cluster;
    private static Instant began;
    private static final List<String> FIRED_WHEN_HEALTHY = new ArrayList<>();

    private record Expression(String name, String text) {}

    @BeforeAll
    static void everythingHappens(Vertx vertx) throws Exception {
        Needed.program("Prometheus", "prometheus", "--version");
        Needed.program("promtool", "promtool", "--version");
        load = new Load(vertx, folder.resolve("data"));
        cluster = new ClusterMetersPage(vertx);
        began = Instant.now();
        prometheus = PrometheusServer.start(
                Files.createDirectory(folder.resolve("prometheus")), load.management(), cluster.port());
        await().atMost(PATIENCE).until(() -> prometheus.number("sum(up)") == 2);
        load.healthy();
        await().atMost(PATIENCE).until(() -> prometheus.number("sum(runnel_generations_total)") == Load.HEALTHY);
        for (Expression alert : alerts()) {
            prometheus.query(alert.text()).keySet().forEach(series -> FIRED_WHEN_HEALTHY.add(alert.name() + series));
        }
        cluster.nodeIsGone();
        nodeThatGoesAway();
        load.causes(prometheus);
        await().atMost(PATIENCE)
                .until(() -> prometheus.number("up == 0") == 0
                        && !prometheus.query("up == 0").isEmpty());
        collectGarbage();
    }

    /**
     * Until Prometheus has seen a rise. The first collection of a kind does not show one: its series starts with it.
     */
    private static void collectGarbage() {
        await().atMost(PATIENCE).until(() -> {
            System.gc();
            return prometheus.number("sum(rate(jvm_gc_pause_seconds_sum[1m]))") > 0;
        });
    }

    /** Another node, of which one model does not work. */
    private static void nodeThatGoesAway() throws IOException {
        try (RunningService second = RunningService.start(Launch.IN_PROCESS, """
            defaultModel: story
            models:
              - { name: story, engine: scripted }
              - { name: gone, engine: scripted, unavailable: "gone" }
            """, folder.resolve("second"))) {
            prometheus.scrape(load.management(), cluster.port(), second.ports().management());
            await().atMost(PATIENCE)
                    .until(() ->
                            !prometheus.query("runnel_model_available == 0").isEmpty());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (prometheus != null) {
            prometheus.close();
        }
        if (load != null) {
            load.close();
        }
    }

    private static List<Expression> alerts() throws IOException {
        JsonNode rules = new ObjectMapper(new YAMLFactory())
                .readTree(PrometheusServer.FILES.resolve("runnel-alerts.yaml").toFile());
        List<Expression> alerts = new ArrayList<>();
        for (JsonNode rule : rules.at("/groups/0/rules")) {
            alerts.add(
                    new Expression(rule.get("alert").asText(), rule.get("expr").asText()));
        }
        return alerts;
    }

    /** With the variables as Grafana fills them in for a look at everything. */
    private static List<Expression> dashboard() throws IOException {
        JsonNode panels = new ObjectMapper()
                .readTree(Path.of("conf", "grafana", "runnel.json").toFile())
                .get("panels");
        List<Expression> expressions = new ArrayList<>();
        for (JsonNode panel : panels) {
            for (JsonNode target : panel.path("targets")) {
                String text = target.get("expr")
                        .asText()
                        .replace("$__rate_interval", "1m")
                        .replace("$job", ".*")
                        .replace("$instance", ".*");
                expressions.add(new Expression(
                        panel.get("title").asText() + " " + target.get("refId").asText(), text));
            }
        }
        return expressions;
    }

    @TestFactory
    Stream<DynamicTest> everyExpressionOfTheDashboardShowsSomething() throws IOException {
        return dashboard().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name(),
                        () -> assertThat(prometheus.largestSince(began, each.text()))
                                .as(each.text())
                                .hasValueSatisfying(
                                        largest -> assertThat(largest).isPositive())));
    }

    @TestFactory
    Stream<DynamicTest> everyAlertSeesItsCause() throws IOException {
        return alerts().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name(),
                        () -> assertThat(prometheus.largestSince(began, each.text()))
                                .as(each.text())
                                .isPresent()));
    }

    @Test
    void noAlertFiresUnderAHealthyLoad() {
        assertThat(FIRED_WHEN_HEALTHY).isEmpty();
    }

    @Test
    void generationsByOutcomeAreThoseThatClientsCounted() {
        sumsAre("sum by (outcome) (runnel_generations_total) > 0", load.tally().outcomes());
        assertThat(load.tally().outcomes())
                .containsOnlyKeys("stop", "length", "content_filter", "cancelled", "failed", "timed_out", "refused");
        sumIs(
                "sum(gen_ai_server_request_duration_seconds_count)",
                load.tally().outcomes().values());
        sumIs("sum(runnel_key_requests_total)", load.tally().outcomes().values());
    }

    @Test
    void firstTokensAreAsManyAsTextsBegan() {
        sumIs(
                "sum(gen_ai_server_time_to_first_token_seconds_count)",
                List.of(load.tally().begun()));
        sumIs("sum(runnel_longest_pause_seconds_count)", List.of(load.tally().begun()));
    }

    @Test
    void tokensAreThoseThatClientsCounted() {
        sumsAre("sum by (type) (runnel_tokens_total)", load.tally().tokens());
        sumsAre("sum by (type) (runnel_key_tokens_total)", load.tally().tokens());
    }

    @Test
    void refusalsAreThoseThatClientsCounted() {
        sumsAre("sum by (type, code) (runnel_refusals_total) > 0", load.tally().refusals());
        assertThat(load.tally().refusals())
                .containsKeys(
                        "rate_limit_error",
                        "rate_limit_error concurrency",
                        "invalid_request_error",
                        "invalid_request_error exceeds_plan",
                        "authentication_error",
                        "permission_error",
                        "not_found_error",
                        "overloaded_error");
    }

    @Test
    void streamsByTheirEndAreThoseThatClientsCounted() {
        sumsAre("sum by (cause) (runnel_stream_closed_total) > 0", load.tally().closed());
        assertThat(load.tally().closed()).containsOnlyKeys("finished", "failed", "client_gone", "stalled");
        await().atMost(PATIENCE).until(() -> prometheus.number("sum(runnel_streams_open)") == 0);
    }

    @Test
    void requestsToUpstreamsAreThoseThatTheyGot() {
        sumIs("sum(runnel_upstream_requests_total)", List.of(load.asked()));
        sumIs("sum(runnel_upstream_retries_total)", List.of(1));
    }

    private static void sumIs(String expression, Iterable<Integer> parts) {
        int sum = 0;
        for (int part : parts) {
            sum += part;
        }
        double all = sum;
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus.number(expression)).isEqualTo(all));
    }

    private static void sumsAre(String expression, Map<String, Integer> counted) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Map<String, Integer> sums = new TreeMap<>();
            prometheus.query(expression).forEach((labels, value) -> sums.put(name(labels), value.intValue()));
            assertThat(sums).isEqualTo(counted);
        });
    }

    /** The values of the labels, the type first. */
    private static String name(Map<String, String> labels) {
        Map<String, String> rest = new TreeMap<>(labels);
        String type = rest.containsKey("type") ? rest.remove("type") : "";
        return (type + " " + String.join(" ", rest.values())).strip();
    }

    @Test
    void promtoolFindsNothingWrongWithTheMetrics() throws Exception {
        String metrics;
        try (HttpWire wire = new HttpWire(load.management())) {
            metrics = wire.get("/metrics").answer().body();
        }
        String ours = metrics.lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?(runnel|gen_ai)_.*"))
                .reduce("", (before, line) -> before + line + "\n");

        assertThat(ours).contains("runnel_generations_total{", "gen_ai_server_time_to_first_token_seconds_bucket{");
        assertThat(promtool(ours, "check", "metrics")).isEmpty();
    }

    @Test
    void promtoolFindsNothingWrongWithTheFiles() throws Exception {
        assertThat(promtool("", "check", "config", PrometheusServer.FILES + "/prometheus.yaml"))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
        assertThat(promtool("", "check", "rules", "--lint=all", PrometheusServer.FILES + "/runnel-alerts.yaml"))
                .contains("SUCCESS");
    }

    @Test
    void everyAlertHasTestsAndPassesThem() throws Exception {
        JsonNode tests = new ObjectMapper(new YAMLFactory())
                .readTree(PrometheusServer.FILES
                        .resolve("runnel-alerts-test.yaml")
                        .toFile())
                .get("tests");
        for (Expression alert : alerts()) {
            List<JsonNode> cases = new ArrayList<>();
            tests.forEach(test -> test.get("alert_rule_test").forEach(one -> {
                if (one.get("alertname").asText().equals(alert.name())) {
                    cases.add(one);
                }
            }));
            assertThat(cases)
                    .as(alert.name())
                    .anyMatch(one -> one.has("exp_alerts"))
                    .anyMatch(one -> !one.has("exp_alerts"));
        }

        assertThat(promtool("", "test", "rules", PrometheusServer.FILES + "/runnel-alerts-test.yaml"))
                .contains("SUCCESS");
    }

    /** Runs it; returns what it prints. */
    private static String promtool(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.outputWriter()) {
            in.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
