package dev.runnel.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.PlayedService;
import dev.runnel.http.TestService;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LimitState;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every failure of a generation: its status and type, as JSON, as a refusal of a stream, and as a stream's last event.
 */
@ExtendWith(PlayedService.class)
class ErrorResponseTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPT = "{\"prompt\":\"x\"}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire client;

    /** What a client receives for a failure. */
    private record Expected(FailureCode failure, int status, String type, String code, boolean mayRetry) {}

    ErrorResponseTest(TestService service, PlayedGenerator generator, HttpWire client) {
        this.service = service;
        this.generator = generator;
        this.client = client;
    }

    private static Stream<Expected> failures() {
        return Stream.of(
                new Expected(FailureCode.INVALID_REQUEST, 400, "invalid_request_error", "", false),
                new Expected(FailureCode.CONTEXT_EXCEEDED, 400, "invalid_request_error", "", false),
                new Expected(FailureCode.UNKNOWN_MODEL, 404, "not_found_error", "", false),
                new Expected(FailureCode.MODEL_UNAVAILABLE, 503, "overloaded_error", "", true),
                new Expected(FailureCode.FULL, 503, "overloaded_error", "", true),
                new Expected(FailureCode.DRAINING, 503, "overloaded_error", "draining", true),
                new Expected(FailureCode.QUEUE_TIMEOUT, 503, "overloaded_error", "", true),
                new Expected(FailureCode.CLUSTER, 503, "overloaded_error", "cluster", true),
                new Expected(FailureCode.DISPLACED, 503, "overloaded_error", "displaced", true),
                new Expected(FailureCode.FIRST_TOKEN_TIMEOUT, 504, "timeout_error", "", false),
                new Expected(FailureCode.NEXT_TOKEN_TIMEOUT, 504, "timeout_error", "", false),
                new Expected(FailureCode.ENGINE_FAILED, 500, "api_error", "", false),
                new Expected(FailureCode.UPSTREAM_FAILED, 502, "api_error", "", false),
                new Expected(FailureCode.UPSTREAM_OVERLOADED, 503, "overloaded_error", "", true),
                new Expected(FailureCode.LOST, 500, "api_error", "lost", false),
                new Expected(FailureCode.ABANDONED, 504, "timeout_error", "abandoned", false),
                new Expected(FailureCode.CANCELLED, 500, "api_error", "", false),
                new Expected(FailureCode.UNKNOWN, 500, "api_error", "", false));
    }

    @Test
    void noFailureIsForgotten() {
        assertThat(failures().map(Expected::failure)).containsExactlyInAnyOrder(FailureCode.values());
    }

    /** So that the metrics show each refusal before it happens. */
    @Test
    void codeOfAnAnswerIsOneOfItsTypes() {
        LimitState state = new LimitState(Optional.empty(), Optional.empty(), OptionalInt.empty(), 0);
        Stream<ErrorResponse> limits = Arrays.stream(LimitDecision.Reason.values())
                .map(reason -> ErrorResponse.of(new LimitDecision.Refused(reason, "what to do", 1, state)));
        Stream<ErrorResponse> failures =
                failures().map(expected -> ErrorResponse.of(Failure.of(expected.failure(), "what to do")));

        assertThat(Stream.of(limits, failures, Stream.of(ErrorResponse.tooManyReaders(8)))
                        .flatMap(answers -> answers)
                        .filter(answer -> answer.code() != null))
                .hasSizeGreaterThan(3)
                .allSatisfy(answer -> assertThat(answer.type().codes()).contains(answer.code()));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void refusalOfGenerateIsJson(Expected expected) throws Exception {
        client.post("/v1/generate", service.key(), PROMPT);
        generator.refuse(Failure.of(expected.failure(), "what to do"));

        HttpWire.Answer answer = client.answer();

        assertStatus(answer, expected);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertError(JSON.readTree(answer.bytes()).get("error"), expected);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void refusalOfAStreamIsOneEventWithTheSameStatus(Expected expected) throws Exception {
        client.post("/v1/generate/stream", service.key(), PROMPT);
        generator.refuse(Failure.of(expected.failure(), "what to do"));

        HttpWire.Answer answer = client.answer();

        assertStatus(answer, expected);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        assertError(StreamRules.check(answer.bytes()).error().orElseThrow(), expected);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failureOfARunningStreamIsItsLastEvent(Expected expected) throws Exception {
        client.post("/v1/generate/stream", service.key(), PROMPT, "Accept: application/json");
        generator.accept().say("a").fail(Failure.of(expected.failure(), "what to do"));

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertError(StreamRules.check(answer.bytes()).error().orElseThrow(), expected);
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void failureOfGenerateAfterItRanHasTheSameStatus(FailureCode code) throws Exception {
        client.post("/v1/generate", service.key(), PROMPT);
        generator.accept().say("a").fail(Failure.of(code, "what to do"));

        Expected expected =
                failures().filter(one -> one.failure() == code).findFirst().orElseThrow();
        assertStatus(client.answer(), expected);
    }

    @Test
    void fullServiceSaysWhenToComeBack() throws Exception {
        client.post("/v1/generate/stream", service.key(), PROMPT);
        generator.refuse(Failure.full("the queue is full", 17));

        assertThat(client.answer().header("Retry-After")).isEqualTo("17");
    }

    @Test
    void refusalOfTheEngineNamesTheField() throws Exception {
        client.post("/v1/generate", service.key(), PROMPT);
        generator.refuse(Failure.invalid("maxTokens", "maxTokens: 4096 (expected: at most 10)"));

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"maxTokens: 4096 (expected: at"
                        + " most 10)\",\"param\":\"maxTokens\"}}");
    }

    @Test
    void refusalOfAStreamIsJsonForClientsThatAcceptJson() throws Exception {
        client.post("/v1/generate/stream", service.key(), "{}", "Accept: application/json");
        assertThat(client.answer().header("Content-Type")).isEqualTo("application/json");

        client.post("/v1/generate/stream", "bad key", PROMPT, "Accept: application/json, text/event-stream");
        HttpWire.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    }

    @Test
    void lineReadersSeeAnErrorAsOneLineWhateverItSays() {
        ErrorResponse answer = ErrorResponse.invalid("a\u2028b", "x\r\ny\u0085\ud800\"\\");

        assertThat(answer.event().toString())
                .isEqualTo(
                        "data: {\"error\":{\"type\":\"invalid_request_error\",\"message\":\"x\\r\\ny\\u0085?\\\"\\\\\","
                                + "\"param\":\"a\\u2028b\"}}\n\n");
    }

    @Test
    void internalFailureIsNotDisclosed() {
        ErrorResponse answer = FailedRequest.response(new IllegalStateException("secret detail"), "req_7");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json().toString()).contains("req_7").doesNotContain("secret", "Exception");
    }

    private static void assertStatus(HttpWire.Answer answer, Expected expected) {
        assertThat(answer.status()).isEqualTo(expected.status());
        assertThat(answer.headers().containsKey("Retry-After")).isEqualTo(expected.mayRetry());
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
        assertThat(answer.headers()).doesNotContainKey("X-Generation-Id");
    }

    private static void assertError(JsonNode error, Expected expected) {
        assertThat(error.get("type").asText()).isEqualTo(expected.type());
        assertThat(error.get("message").asText()).isEqualTo("what to do");
        assertThat(error.path("code").asText()).isEqualTo(expected.code());
        assertThat(Arrays.asList("", "model")).contains(error.path("param").asText());
    }
}
