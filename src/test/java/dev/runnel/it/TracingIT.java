package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Traces, as a receiver of OTLP and an upstream server see them. Closing the service sends what waits. */
@ParameterizedClass
@EnumSource(Launch.class)
class TracingIT {

    private static final String STREAM = "/v1/generate/stream";
    private static final String PROMPT = "Xylophonists-prompt";
    private static final String TEXT = "Quixotically-generated";
    private static final String STOP = "Zugzwang-stop";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir
    Path data;

    @Parameter
    Launch launch;

    @AutoClose
    private OtlpReceiver receiver;

    @AutoClose
    private RepeatingUpstream upstream;

    @BeforeEach
    void listen() throws IOException {
        receiver = new OtlpReceiver();
        upstream = new RepeatingUpstream(TEXT);
    }

    private RunningService start(String tracing) {
        String yaml = """
            defaultModel: relayed
            models:
              - { name: relayed, engine: openai, sampling: { topP: 0.5 }, upstreams: [ { url: "%1$s", model: m } ] }
              - { name: fails, engine: scripted, text: "%2$s text", failAfter: 1 }
              - { name: raw, engine: scripted, template: none, text: "%2$s" }
            """.formatted(upstream.url(), TEXT);
        return RunningService.start(launch, yaml + tracing, data);
    }

    private RunningService traced() {
        return start("tracing: { endpoint: \"" + receiver.url() + "\", serviceName: house }\n");
    }

    private static Answer ask(RunningService service, String key, String model, String... headers) {
        String body = "{\"prompt\":\"" + PROMPT + "\",\"maxTokens\":9,\"temperature\":0.25,\"seed\":11,\"stop\":[\""
                + STOP + "\"],\"model\":\"" + model + "\"}";
        try (HttpWire wire = service.http()) {
            return wire.post(STREAM, key, body, headers).answer();
        }
    }

    private static String traceparent(String flags) {
        return "traceparent: 00-" + TRACE + "-" + CALLER + "-" + flags;
    }

    private Span span(String name) {
        List<Span> found = receiver.spans().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
        assertThat(found).as("spans of the name %s", name).hasSize(1);
        return found.get(0);
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Map<String, Object> attributes(Span span) {
        return span.getAttributesList().stream()
                .collect(Collectors.toMap(KeyValue::getKey, attribute -> plain(attribute.getValue())));
    }

    private static Object plain(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(TracingIT::plain)
                        .toList();
            default -> value.toString();
        };
    }

    @Test
    void generationStandsBetweenItsCallersRequestAndItsUpstream() {
        try (RunningService service = traced()) {
            assertThat(ask(service, service.key(), "relayed", traceparent("01")).body())
                    .contains("[DONE]");
        }

        Span request = span("POST " + STREAM);
        Span generation = span("chat relayed");
        assertThat(receiver.spans()).as("one of each, however many deltas").hasSize(2);
        assertThat(List.of(hex(request.getTraceId()), hex(generation.getTraceId())))
                .containsOnly(TRACE);
        assertThat(hex(request.getParentSpanId())).isEqualTo(CALLER);
        assertThat(generation.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(upstream.traceparents()).containsExactly("00-" + TRACE + "-" + hex(generation.getSpanId()) + "-01");
        assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(receiver.resources()).contains("service.name=house");
    }

    @Test
    void spanOfAGenerationHasTheGenAiAttributes() {
        try (RunningService service = traced()) {
            ask(service, service.key(), "relayed", "X-Request-Id: mine-1");
        }

        Span generation = span("chat relayed");
        assertThat(generation.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(generation.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        assertThat(attributes(generation))
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.provider.name", "openai")
                .containsEntry("gen_ai.request.model", "relayed")
                .containsEntry("gen_ai.request.max_tokens", 9L)
                .containsEntry("gen_ai.request.temperature", 0.25)
                .containsEntry("gen_ai.request.top_p", 0.5)
                .containsEntry("gen_ai.request.seed", 11L)
                .containsEntry("gen_ai.usage.input_tokens", 7L)
                .containsEntry("gen_ai.usage.output_tokens", 3L)
                .containsEntry("gen_ai.response.finish_reasons", List.of("stop"))
                .containsEntry("runnel.request.id", "mine-1")
                .containsKeys("gen_ai.response.id", "runnel.key.id", "runnel.queue.duration")
                .doesNotContainKeys("error.type", "gen_ai.request.top_k");
    }

    @Test
    void failureHasItsTypeAndNothingThatACallerSaidIsInAnySpan() throws IOException {
        String key;
        try (RunningService service = traced()) {
            key = service.key();
            ask(service, key, "fails");
            ask(service, key, "raw");
            ask(service, key + "x", "raw");
            try (HttpWire wire = service.http()) {
                String path = "/v1/" + key + "?key=" + key;
                wire.get(path, HttpWire.bearer(key)).answer();
            }
            try (HttpWire wire = service.management()) {
                wire.get("/health/ready").answer();
            }
        }

        Span failed = span("chat fails");
        assertThat(failed.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(failed))
                .containsEntry("error.type", "engine_failed")
                .doesNotContainKey("gen_ai.response.finish_reasons");
        assertThat(attributes(span("text_completion raw"))).containsEntry("gen_ai.operation.name", "text_completion");
        assertThat(attributes(span("GET none")))
                .containsEntry("http.response.status_code", "404")
                .containsOnlyKeys("http.request.method", "http.response.status_code", "http.route");
        assertThat(receiver.spans()).as("none of the management port").hasSize(6);
        String raw = receiver.raw();
        for (String secret : List.of(PROMPT, TEXT, STOP, key.substring(key.lastIndexOf('.') + 1))) {
            assertThat(raw.contains(secret)).isFalse();
        }
    }

    @Test
    void callerDecidesWhetherItsTraceIsKept() {
        try (RunningService service = traced()) {
            ask(service, service.key(), "relayed", traceparent("00"));
        }

        assertThat(receiver.spans()).isEmpty();
        assertThat(upstream.traceparents()).hasSize(1).first().asString().matches("00-" + TRACE + "-[0-9a-f]{16}-00");
    }

    @Test
    void withoutTracingACallersContextIsPassedOnAsItIs() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (RunningService service = start("")) {
            ask(service, service.key(), "relayed", traceparent("01"));
            ask(service, service.key(), "relayed");
            ask(service, service.key(), "relayed", "traceparent: 00-0-0-zz");

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains("BatchSpanProcessor"));
        }

        assertThat(upstream.traceparents()).containsExactly("00-" + TRACE + "-" + CALLER + "-01", "none", "none");
        assertThat(receiver.spans()).isEmpty();
    }

    /** The span of the request and the one of the generation. */
    @Test
    void whatBecameOfTheSpansIsCounted() {
        try (RunningService service = traced()) {
            ask(service, service.key(), "raw");

            awaitMetric(service, "runnel_trace_spans_total{outcome=\"sent\"} 2.0");
            awaitMetric(service, "runnel_trace_spans_waiting 0.0");
        }
    }

    private static void awaitMetric(RunningService service, String line) {
        await().until(() -> {
            try (HttpWire wire = service.management()) {
                return wire.get("/metrics").answer().body().lines().anyMatch(line::equals);
            }
        });
    }

    @Test
    void receiverThatIsAwayDelaysNoRequest() {
        receiver.close();
        try (RunningService service = traced()) {
            for (int i = 0; i < 20; i++) {
                assertThat(ask(service, service.key(), "raw").body()).contains("[DONE]");
            }
        }
    }
}
