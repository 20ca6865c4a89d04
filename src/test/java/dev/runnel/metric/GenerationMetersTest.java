package dev.runnel.metric;

import static dev.runnel.message.Ended.Durations.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Ended;
import dev.runnel.message.Ended.Durations;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Usage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GenerationMetersTest {

    private static final String GEN_AI =
            "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"llama\",gen_ai_request_model=\"story\"";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
    private final GenerationMeters meters = new GenerationMeters(registry, new KeyMeters(registry));
    private final ModelMeters story = meters.model(new ModelLabels("story", "chat", "llama"));

    private List<String> lines() {
        return registry.scrape().lines().toList();
    }

    private static Ended stopped(String keyId, int promptTokens, int completionTokens, long deltas) {
        var durations = new Durations(NONE, NONE, millis(30), millis(20), millis(40), NONE);
        var usage = new Usage(promptTokens, completionTokens, false);
        return new Ended("gen_1", "", keyId, "", "story", usage, Outcome.STOP, null, deltas, durations);
    }

    private static Ended timedOut() {
        var durations = new Durations(NONE, NONE, millis(50_000), NONE, NONE, millis(7));
        var usage = new Usage(1, 0, false);
        return new Ended(
                "gen_2", "", "", "", "story", usage, Outcome.TIMED_OUT, FailureCode.FIRST_TOKEN_TIMEOUT, 0, durations);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void metersHaveTheNamesThatDashboardsUse() {
        story.show(ModelGauge.WAITING, () -> 3);
        story.show(ModelGauge.PLACES_TO_WAIT, () -> 64);
        story.show(ModelGauge.RUNNING, () -> 2);
        story.show(ModelGauge.PLACES_TO_RUN, () -> 8);
        story.show(ModelGauge.CELLS, () -> 700);
        story.show(ModelGauge.AVAILABLE, () -> 1);
        story.queued(Duration.ofMillis(50).toNanos());
        story.ended(stopped("key-1", 4, 10, 9));
        story.ended(timedOut());
        meters.refused(FailureCode.FULL);

        assertThat(lines())
                .contains(
                        "runnel_queue_depth{model=\"story\"} 3.0",
                        "runnel_queue_places{model=\"story\"} 64.0",
                        "runnel_generations_running{model=\"story\"} 2.0",
                        "runnel_generations_places{model=\"story\"} 8.0",
                        "runnel_generations_cells{model=\"story\"} 700.0",
                        "runnel_model_available{model=\"story\"} 1.0",
                        "runnel_generations_total{model=\"story\",outcome=\"stop\"} 1.0",
                        "runnel_generations_total{model=\"story\",outcome=\"timed_out\"} 1.0",
                        "runnel_generations_refused_total{reason=\"full\"} 1.0",
                        "runnel_tokens_total{model=\"story\",type=\"prompt\"} 5.0",
                        "runnel_tokens_total{model=\"story\",type=\"completion\"} 10.0",
                        "runnel_deltas_total{model=\"story\"} 9.0",
                        "runnel_key_requests_total{key=\"key-1\"} 1.0",
                        "runnel_key_requests_total{key=\"none\"} 1.0",
                        "runnel_key_tokens_total{key=\"key-1\",type=\"prompt\"} 4.0",
                        "runnel_key_tokens_total{key=\"key-1\",type=\"completion\"} 10.0",
                        "runnel_queue_seconds_count{model=\"story\"} 1",
                        "runnel_queue_seconds_bucket{model=\"story\",le=\"0.1\"} 1",
                        "runnel_longest_pause_seconds_bucket{model=\"story\",le=\"0.025\"} 0",
                        "runnel_longest_pause_seconds_bucket{model=\"story\",le=\"0.05\"} 1",
                        "runnel_cancel_seconds_bucket{model=\"story\",le=\"0.005\"} 0",
                        "runnel_cancel_seconds_bucket{model=\"story\",le=\"0.01\"} 1");
    }

    /** Names and labels are those of OpenTelemetry's semantic conventions for model servers. */
    @Test
    void genAiHistogramsFollowTheConventions() {
        story.firstToken(Duration.ofMillis(300).toNanos());
        story.ended(stopped("", 1, 2, 2));
        story.ended(timedOut());

        assertThat(lines())
                .contains(
                        "gen_ai_server_request_duration_seconds_count{error_type=\"\"," + GEN_AI + "} 1",
                        "gen_ai_server_request_duration_seconds_count{error_type=\"first_token_timeout\"," + GEN_AI
                                + "} 1",
                        "gen_ai_server_time_to_first_token_seconds_count{" + GEN_AI + "} 1",
                        "gen_ai_server_time_per_output_token_seconds_count{" + GEN_AI + "} 1");
    }

    /** Bounds are those of the same conventions. */
    @Test
    void boundsOfGenAiHistogramsFollowTheConventions() {
        story.firstToken(Duration.ofMillis(300).toNanos());
        story.ended(stopped("", 1, 2, 2));

        assertThat(bounds("gen_ai_server_request_duration_seconds", "error_type=\"\","))
                .isEqualTo("0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92 +Inf");
        assertThat(bounds("gen_ai_server_time_to_first_token_seconds", ""))
                .isEqualTo("0.001 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.25 0.5 0.75 1.0 2.5 5.0 7.5 10.0 +Inf");
        assertThat(bounds("gen_ai_server_time_per_output_token_seconds", ""))
                .isEqualTo("0.01 0.025 0.05 0.075 0.1 0.15 0.2 0.3 0.4 0.5 0.75 1.0 2.5 +Inf");
    }

    /** The upper bounds of the buckets in their order, as the text format has them. */
    private String bounds(String histogram, String firstLabels) {
        String before = histogram + "_bucket{" + firstLabels + GEN_AI + ",le=\"";
        return lines().stream()
                .filter(line -> line.startsWith(before))
                .map(line -> line.substring(before.length(), line.indexOf('"', before.length())))
                .collect(Collectors.joining(" "));
    }

    @Test
    void everyKnownLabelIsThereBeforeAnythingHappens() {
        assertThat(lines())
                .contains(
                        "runnel_generations_total{model=\"story\",outcome=\"stop\"} 0.0",
                        "runnel_generations_total{model=\"story\",outcome=\"timed_out\"} 0.0",
                        "runnel_generations_refused_total{reason=\"full\"} 0.0",
                        "runnel_generations_refused_total{reason=\"first_token_timeout\"} 0.0",
                        "runnel_tokens_total{model=\"story\",type=\"completion\"} 0.0",
                        "runnel_deltas_total{model=\"story\"} 0.0",
                        "runnel_queue_seconds_count{model=\"story\"} 0",
                        "runnel_cancel_seconds_count{model=\"story\"} 0",
                        "runnel_key_requests_total{key=\"none\"} 0.0",
                        "runnel_key_requests_total{key=\"other\"} 0.0",
                        "gen_ai_server_request_duration_seconds_count{error_type=\"\"," + GEN_AI + "} 0",
                        "gen_ai_server_time_to_first_token_seconds_count{" + GEN_AI + "} 0",
                        "gen_ai_server_time_per_output_token_seconds_count{" + GEN_AI + "} 0");
    }

    @Test
    void failuresThatHaveNotHappenedHaveNoLines() {
        assertThat(lines())
                .filteredOn(line -> line.contains("error_type="))
                .isNotEmpty()
                .allMatch(line -> line.contains("error_type=\"\""));
    }

    @Test
    void cancelledGenerationHasAnErrorAlthoughItDidNotFail() {
        var durations = new Durations(NONE, NONE, millis(30), NONE, NONE, millis(7));
        story.ended(new Ended("gen_3", "", "", "", "story", Usage.NONE, Outcome.CANCELLED, null, 0, durations));

        assertThat(lines())
                .contains("gen_ai_server_request_duration_seconds_count{error_type=\"cancelled\"," + GEN_AI + "} 1");
    }

    @Test
    void keysBeyondTheBoundAreSummedUnderOther() {
        for (int round = 0; round < 2; round++) {
            for (int key = 0; key < 1000; key++) {
                story.ended(stopped("key-" + key, 2, 3, 3));
            }
        }

        List<String> lines = lines();
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
        IntStream.range(0, 20_000).parallel().forEach(i -> story.ended(stopped("key-" + i % 500, 1, 1, 1)));

        var requests = registry.find("runnel.key.requests").counters();
        assertThat(requests).hasSize(100 + 2);
        assertThat(requests.stream().mapToDouble(counter -> counter.count()).sum())
                .isEqualTo(20_000);
    }
}
