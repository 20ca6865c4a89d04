package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.IssuedKey;
import dev.runnel.sse.HttpWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the two ports and all instances of a whole service add up to. */
class ServiceMetricsTest {

    private static final String CONFIG = """
        defaultModel: silent
        generation: { queue: 2 }
        plans:
          - { name: unlimited }
          - { name: single, concurrentGenerations: 1 }
        models:
          - { name: silent, engine: scripted, text: "never", firstToken: 1h, sequences: 10 }
          - { name: story, engine: scripted, text: "Once upon a time" }
          - { name: raw, engine: scripted, template: none }
          - { name: broken, engine: scripted, failAfter: 1 }
          - name: relayed
            engine: openai
            upstreams: [ { url: "http://127.0.0.1:1/v1", model: m } ]
        """;

    @AutoClose
    private RealService service;

    @BeforeEach
    void start() throws Exception {
        service = RealService.start(CONFIG);
    }

    private double metric(String line) {
        return service.metrics()
                .lines()
                .filter(candidate -> candidate.startsWith(line + " "))
                .mapToDouble(found -> Double.parseDouble(found.substring(line.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** Every series without its value, but for those of the JVM: its pools and collectors come and go. */
    private Set<String> series() {
        return service.metrics()
                .lines()
                .filter(line -> !line.startsWith("#") && !line.startsWith("jvm_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private HttpWire.Answer post(String path, String key, String body) {
        try (HttpWire wire = service.connect()) {
            return wire.post(path, key, body).answer();
        }
    }

    private HttpWire.Answer raw(String request) {
        try (HttpWire wire = service.connect()) {
            return wire.send(request).answer();
        }
    }

    @Test
    void everySeriesThatIsKnownBeforehandIsThereFromTheStart() {
        assertThat(service.metrics().lines())
                .contains(
                        "runnel_streams_open 0.0",
                        "runnel_streams_stalled 0.0",
                        "runnel_deltas_folded_total 0.0",
                        "runnel_connections_flooded_total 0.0",
                        "runnel_connections_unknown_pipeline_total 0.0",
                        "runnel_queue_depth{model=\"silent\"} 0.0",
                        "runnel_queue_places{model=\"silent\"} 2.0",
                        "runnel_model_available{model=\"relayed\"} 1.0",
                        "runnel_queue_seconds_count{model=\"silent\"} 0",
                        "runnel_cancel_seconds_count{model=\"silent\"} 0",
                        "runnel_deltas_total{model=\"silent\"} 0.0",
                        "runnel_tokens_total{model=\"silent\",type=\"prompt\"} 0.0",
                        "runnel_generations_total{model=\"silent\",outcome=\"content_filter\"} 0.0",
                        "runnel_stream_closed_total{cause=\"client_gone\"} 0.0",
                        "runnel_limit_decisions_total{decision=\"admitted\",limit=\"none\"} 0.0",
                        "runnel_limit_decisions_total{decision=\"refused\",limit=\"exceeds_plan\"} 0.0",
                        "runnel_key_requests_total{key=\"other\"} 0.0",
                        "runnel_key_refusals_total{key=\"other\"} 0.0",
                        "runnel_refusals_total{code=\"\",type=\"overloaded_error\"} 0.0",
                        "runnel_refusals_total{code=\"draining\",type=\"overloaded_error\"} 0.0",
                        "runnel_upstream_requests_total{model=\"relayed\",outcome=\"unreachable\","
                                + "upstream=\"127.0.0.1:1\"} 0.0",
                        "runnel_upstream_retries_total{model=\"relayed\",upstream=\"127.0.0.1:1\"} 0.0",
                        "runnel_upstream_set_aside_total{model=\"relayed\",upstream=\"127.0.0.1:1\"} 0.0",
                        "runnel_upstream_running{model=\"relayed\",upstream=\"127.0.0.1:1\"} 0.0",
                        "runnel_upstream_available{model=\"relayed\",upstream=\"127.0.0.1:1\"} 1.0",
                        "runnel_build_info{java_version=\"" + Runtime.version()
                                + "\",version=\"(built from source)\"} 1")
                .anyMatch(line -> line.startsWith("gen_ai_server_request_duration_seconds_count{error_type=\"\","
                        + "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\","
                        + "gen_ai_request_model=\"relayed\"}"))
                .anyMatch(line -> line.startsWith("gen_ai_server_time_to_first_token_seconds_count{"
                        + "gen_ai_operation_name=\"text_completion\",gen_ai_provider_name=\"scripted\","
                        + "gen_ai_request_model=\"raw\"}"));
    }

    @Test
    void nothingThatClientsSendMakesASeries() {
        // The circuit of an upstream that fails opens, and the upstream gets no requests from then on.
        everythingOnce("ada");
        everythingOnce("bert");
        service.metrics();
        Set<String> before = series();

        everythingOnce("carl");
        everythingOnce("doris");

        assertThat(series()).isEqualTo(before).noneMatch(name -> name.contains("ada") || name.contains("doris"));
    }

    /** Whatever a client may choose carries the word. */
    private void everythingOnce(String word) {
        post("/v1/generate/stream", service.key(), "{\"prompt\":\"" + word + "\",\"model\":\"story\"}");
        post("/v1/generate", service.key(), "{\"prompt\":\"" + word + "\",\"model\":\"broken\"}");
        post("/v1/generate", service.key(), "{\"prompt\":\"" + word + "\",\"model\":\"relayed\"}");
        post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"" + word + "\"}");
        post("/v1/generate", service.key(), "{\"" + word + "\":1}");
        post("/v1/generate", word, "{}");
        post("/" + word, service.key(), "{}");
        raw(word.toUpperCase(Locale.ROOT) + " /v1/" + word + " HTTP/1.1\r\nHost: " + word + "\r\nX-Request-Id: " + word
                + "\r\nUser-Agent: " + word + "\r\n\r\n");
        raw(word + "\r\n\r\n");
    }

    @Test
    void requestIsEitherAGenerationOrARefusal() {
        post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"story\"}");
        post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\",\"model\":\"story\"}");
        post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"broken\"}");
        post("/v1/generate/stream", service.key(), "{\"prompt\":\"\"}");
        post("/v1/generate/stream", "no-key", "{}");
        post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\",\"model\":\"none\"}");
        raw("GET / HTTP/9.9\r\n\r\n");

        assertThat(metric("runnel_generations_total{model=\"story\",outcome=\"stop\"}"))
                .isEqualTo(2);
        assertThat(metric("runnel_generations_total{model=\"broken\",outcome=\"failed\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_refusals_total{code=\"\",type=\"invalid_request_error\"}"))
                .isEqualTo(2);
        assertThat(metric("runnel_refusals_total{code=\"\",type=\"authentication_error\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_refusals_total{code=\"\",type=\"not_found_error\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_refusals_total{code=\"\",type=\"api_error\"}"))
                .isZero();
    }

    @Test
    void refusalsOfAKeysLimitsAreCountedUnderTheKey() {
        IssuedKey single = service.issue("single", Duration.ofHours(1));
        try (HttpWire wire = service.connect()) {
            wire.post("/v1/generate/stream", single.token(), "{\"prompt\":\"x\"}")
                    .head();

            assertThat(post("/v1/generate/stream", single.token(), "{\"prompt\":\"x\"}")
                            .status())
                    .isEqualTo(429);
        }

        assertThat(metric("runnel_key_refusals_total{key=\"" + single.id() + "\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_limit_decisions_total{decision=\"refused\",limit=\"concurrency\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_refusals_total{code=\"concurrency\",type=\"rate_limit_error\"}"))
                .isEqualTo(1);
    }

    @Test
    void timeFromTheClientsLeavingToTheEnginesStopIsMeasured() throws Exception {
        try (HttpWire wire = service.connect()) {
            wire.post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\"}")
                    .head();
        }

        service.ended();

        await().untilAsserted(() -> assertThat(service.metrics())
                .contains(
                        "runnel_cancel_seconds_count{model=\"silent\"} 1\n",
                        "runnel_generations_total{model=\"silent\",outcome=\"cancelled\"} 1.0\n",
                        "gen_ai_server_request_duration_seconds_count{error_type=\"cancelled\","
                                + "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"scripted\","
                                + "gen_ai_request_model=\"silent\"} 1\n"));
    }

    @Test
    void upstreamThatCannotBeReachedShows() {
        post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"relayed\"}");

        assertThat(metric("runnel_upstream_requests_total{model=\"relayed\",outcome=\"unreachable\","
                        + "upstream=\"127.0.0.1:1\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_upstream_set_aside_total{model=\"relayed\",upstream=\"127.0.0.1:1\"}"))
                .isEqualTo(1);
        assertThat(metric("runnel_upstream_available{model=\"relayed\",upstream=\"127.0.0.1:1\"}"))
                .isZero();
    }

    @Test
    void connectionsOfAllInstancesAreCountedByPort() {
        String connections = "vertx_http_server_active_connections{local=\"127.0.0.1:" + service.port() + "\"}";
        String requests =
                "vertx_http_server_active_requests{local=\"127.0.0.1:" + service.port() + "\",method=\"POST\"}";
        List<HttpWire> open = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            HttpWire wire = service.connect().post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\"}");
            wire.head();
            open.add(wire);
        }

        assertThat(metric(connections)).isEqualTo(10);
        assertThat(metric(requests)).isEqualTo(10);
        open.forEach(HttpWire::close);
        await().until(() -> metric(connections) == 0 && metric(requests) == 0);
    }

    @Test
    void bytesOfStreamsAreCountedByThePortAndNotWronglyByAnswer() {
        String written = "vertx_http_server_bytes_written_total{local=\"127.0.0.1:" + service.port() + "\"}";
        try (HttpWire wire = service.connect()) {
            wire.post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\",\"model\":\"story\"}");

            HttpWire.Answer answer = wire.answer();

            assertThat(answer.status()).isEqualTo(200);
            await().until(() -> metric(written) >= answer.bytes().length);
            assertThat(service.metrics()).doesNotContain("vertx_http_server_response_bytes");
        }
    }
}
