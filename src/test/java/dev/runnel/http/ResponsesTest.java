package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/responses} without {@code background}. */
@ExtendWith(PlayedService.class)
class ResponsesTest {

    private static final String RESPONSES = "/v1/responses";
    private static final String WHOLE = "{\"input\":\"hi\"}";
    private static final String STREAM = "{\"input\":\"hi\",\"stream\":true}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    ResponsesTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    private Play start(String body, String... headers) throws Exception {
        wire.post(RESPONSES, service.key(), body, headers);
        return generator.accept();
    }

    private static JsonNode error(Answer answer) {
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        return error;
    }

    @Test
    void streamHasEveryEventInItsOrder() throws Exception {
        Play play = start(STREAM);
        play.say("Once").say(" \"up\nö").finish(FinishReason.STOP, new Usage(4, 2, false));

        Answer answer = wire.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        ResponseStream stream = ResponseStream.of(answer.body());
        assertThat(stream.text()).isEqualTo("Once \"up\nö");
        assertThat(stream.names())
                .startsWith("created", "in_progress", "output_item.added", "content_part.added", "output_text.delta")
                .endsWith(
                        "output_text.delta", "output_text.done", "content_part.done", "output_item.done", "completed");
        assertThat(stream.lastNumber()).isEqualTo(9);
        JsonNode completed = stream.last().get("response");
        assertThat(completed.get("id").asText()).isEqualTo(play.id());
        assertThat(completed.get("created_at").asLong()).isEqualTo(TestService.CREATED);
        assertThat(completed.get("model").asText()).isEqualTo("echo");
        assertThat(completed.at("/output/0/content/0/text").asText()).isEqualTo("Once \"up\nö");
        assertThat(completed.at("/usage/total_tokens").asInt()).isEqualTo(6);
        assertThat(answer.body()).doesNotContain("[DONE]").doesNotContain("\nid: ");
    }

    @Test
    void idComesBeforeTheFirstToken() throws Exception {
        Play play = start(STREAM);
        wire.head();

        String first = wire.event();

        assertThat(first).contains("event: response.created\n", "\"id\":\"" + play.id() + "\"");
        play.finish();
        wire.rest();
    }

    @Test
    void wholeAnswerIsTheObject() throws Exception {
        Play play = start(WHOLE, "Accept: text/event-stream");
        play.say("Once").say(" more").finish(FinishReason.LENGTH, new Usage(4, 2, false));

        Answer answer = wire.answer();

        JsonNode response = ResumedStream.json(answer.body());
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(response.get("id").asText()).isEqualTo(play.id());
        assertThat(response.get("status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Once more");
        assertThat(response.at("/output/0/id").asText()).isEqualTo(play.id().replace("gen_", "msg_"));
    }

    @Test
    void conversationGoesToTheGenerator() throws Exception {
        Play play = start("{\"instructions\":\"Be kind.\",\"input\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"max_output_tokens\":5,\"temperature\":0.5,"
                + "\"text\":{\"format\":{\"type\":\"json_object\"}}}");

        assertThat(play.submit().turns()).containsExactly(new Turn(Turn.Role.SYSTEM, "Be kind."), Turn.user("hi"));
        assertThat(play.submit().maxTokens()).isEqualTo(5);
        assertThat(play.submit().sampling().temperature()).isEqualTo(0.5);
        assertThat(play.submit().options()).isEqualTo("{\"response_format\":{\"type\":\"json_object\"}}");
        play.finish();
        wire.answer();
    }

    @ParameterizedTest
    @CsvSource({"unlimited, 0, 1024", "unlimited, 100000, 2048", "tight, 100000, 300", "single, 100000, 99"})
    void boundIsLoweredAndNeverRefused(String plan, int asked, int submitted) throws Exception {
        String bound = asked == 0 ? "null" : Integer.toString(asked);
        wire.post(RESPONSES, service.issue(plan).token(), "{\"max_output_tokens\":" + bound + ",\"input\":\"hi\"}");

        Play play = generator.accept();

        assertThat(play.submit().maxTokens()).isEqualTo(submitted);
        play.finish();
        assertThat(wire.answer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_request_error, null, '', ''",
        "UNKNOWN_MODEL, 404, not_found_error, model_not_found, '', ''",
        "FULL, 503, overloaded_error, null, '', 5",
        "DRAINING, 503, overloaded_error, draining, '', 5",
        "FIRST_TOKEN_TIMEOUT, 504, timeout_error, timeout, false, ''",
        "UPSTREAM_FAILED, 502, api_error, upstream_failed, '', ''",
        "LOST, 500, api_error, lost, '', ''",
        "ENGINE_FAILED, 500, api_error, null, '', ''"
    })
    void failureHasStatusTypeAndCode(
            FailureCode failure, int status, String type, String code, String shouldRetry, String retryAfter)
            throws Exception {
        for (String body : new String[] {WHOLE, STREAM, "{\"input\":\"hi\",\"background\":true}"}) {
            wire.post(RESPONSES, service.key(), body);
            generator.refuse(Failure.of(failure, "it failed"));
            assertFailed(wire.answer(), status, type, code, shouldRetry, retryAfter);
        }
        Play play = start(WHOLE);
        play.say("half").fail(Failure.of(failure, "it failed"));
        assertFailed(wire.answer(), status, type, code, shouldRetry, retryAfter);
    }

    private static void assertFailed(
            Answer answer, int status, String type, String code, String shouldRetry, String retryAfter) {
        assertThat(answer.status()).isEqualTo(status);
        JsonNode error = error(answer);
        assertThat(error.get("type").asText()).isEqualTo(type);
        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(answer.header("x-should-retry")).isEqualTo(shouldRetry);
        assertThat(answer.header("Retry-After")).isEqualTo(retryAfter);
    }

    @Test
    void failureInTheStreamIsTheLastEvent() throws Exception {
        Play play = start(STREAM);
        play.say("half").fail(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

        ResponseStream stream = ResponseStream.of(wire.answer().body());

        assertThat(stream.names()).endsWith("output_text.delta", "failed");
        assertThat(stream.lastNumber()).isEqualTo(5);
        assertThat(stream.last().at("/response/status").asText()).isEqualTo("failed");
        assertThat(stream.last().at("/response/error/code").asText()).isEqualTo("upstream_failed");
        assertThat(stream.last().at("/response/output/0/content/0/text").asText())
                .isEqualTo("half");
    }

    @Test
    void cancelledGenerationIsAConflictOrTheLastEvent() throws Exception {
        start(WHOLE).say("half").finish(FinishReason.CANCELLED, Usage.NONE);
        assertFailed(wire.answer(), 409, "conflict_error", "cancelled", "false", "");

        start(STREAM).say("half").finish(FinishReason.CANCELLED, Usage.NONE);
        ResponseStream stream = ResponseStream.of(wire.answer().body());
        assertThat(stream.names()).endsWith("failed");
        assertThat(stream.last().at("/response/status").asText()).isEqualTo("cancelled");
    }

    @Test
    void refusalsOfTheEngineHaveTheNamesOfTheseRoutes() throws Exception {
        wire.post(RESPONSES, service.key(), STREAM);
        generator.refuse(Failure.contextExceeded(9120, 8192));
        assertThat(wire.answer().body())
                .isEqualTo("{\"error\":{\"message\":\"input: 9120 tokens, but this model's maximum context length is"
                        + " 8192 tokens (context_length_exceeded)\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"input\",\"code\":\"context_length_exceeded\"}}");
        wire.post(RESPONSES, service.key(), STREAM);
        generator.refuse(Failure.invalid(
                "responseFormat", "responseFormat: 'response_format' of type 'json_object' is not supported"));
        JsonNode unsupported = error(wire.answer());
        assertThat(unsupported.get("param").asText()).isEqualTo("text.format");
        assertThat(unsupported.get("code").asText()).isEqualTo("unsupported_value");
        assertThat(unsupported.get("message").asText()).startsWith("'response_format' of type");
        wire.post(RESPONSES, service.key(), STREAM);
        generator.refuse(Failure.invalid("responseFormat", "responseFormat.schema.x: unknown keyword"));
        assertThat(error(wire.answer()).get("message").asText()).isEqualTo("text.format.schema.x: unknown keyword");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"gpt\",\"input\":\"x\"} | 404 | model_not_found | model",
                "{\"model\":\"other\",\"input\":\"x\"} | 400 | null | model",
                "{\"model\":\"broken\",\"input\":\"x\"} | 503 | null | model",
                "{\"store\":true,\"stream\":true,\"input\":\"x\"} | 400 | unsupported_value | store",
                "{\"previous_response_id\":\"gen_1\",\"input\":\"x\"} | 404 | null | previous_response_id",
                "{\"messages\":[]} | 400 | null | input",
                "[] | 400 | null | null"
            })
    void requestIsRefusedBeforeTheStream(String body, int status, String code, String param) {
        Answer answer = wire.post(RESPONSES, service.key(), body).answer();

        assertThat(answer.status()).isEqualTo(status);
        assertThat(error(answer).get("code").asText()).isEqualTo(code);
        assertThat(error(answer).get("param").asText()).isEqualTo(param);
    }

    @Test
    void otherMethodsAndTypesAndKeysAreRefusedInTheSameForm() {
        assertThat(error(wire.get(RESPONSES, HttpWire.bearer(service.key())).answer())
                        .get("type")
                        .asText())
                .isEqualTo("not_found_error");
        Answer answer = wire.send(HttpWire.requestHead(
                        "POST",
                        RESPONSES,
                        HttpWire.bearer(service.key()),
                        "Content-Type: text/plain",
                        "Content-Length: 0"))
                .answer();
        assertThat(answer.status()).isEqualTo(415);
        assertThat(error(answer).get("type").asText()).isEqualTo("invalid_request_error");
        try (HttpWire stranger = new HttpWire(service.port())) {
            assertFailed(
                    stranger.post(RESPONSES, "wrong", STREAM).answer(),
                    401,
                    "authentication_error",
                    "invalid_api_key",
                    "",
                    "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WHOLE, STREAM})
    void clientThatLeavesCancels(String body) throws Exception {
        Play play;
        try (HttpWire leaving = new HttpWire(service.port())) {
            leaving.post(RESPONSES, service.key(), body);
            play = generator.accept().say("half");
        }

        assertThat(generator.cancel(play).cause()).isEqualTo(Cancel.Cause.CONSUMER_GONE);
    }

    @Test
    void responseThatIsNotKeptIsAConflictWhileItRunsAndThenUnknown() throws Exception {
        Play play = start(STREAM);
        wire.head();
        String path = RESPONSES + "/" + play.id();
        try (HttpWire other = new HttpWire(service.port())) {
            Answer running = other.get(path, HttpWire.bearer(service.key())).answer();
            assertThat(running.status()).isEqualTo(409);
            assertThat(error(running).get("code").asText()).isEqualTo("not_resumable");
            assertThat(other.get("/v1/generate/" + play.id(), HttpWire.bearer(service.key()))
                            .answer()
                            .status())
                    .isEqualTo(200);
            play.finish();
            wire.rest();
            assertThat(other.get(path, HttpWire.bearer(service.key())).answer().status())
                    .isEqualTo(404);
        }
    }

    @Test
    void eventsThatWereFoldedConcatenateToTheWhole() throws Exception {
        StringBuilder whole = new StringBuilder();
        try (HttpWire slow = new HttpWire(service.port(), 4096)) {
            slow.post(RESPONSES, service.key(), STREAM);
            Play play = generator.accept();
            slow.head();
            double foldedBefore = service.metric("runnel_deltas_folded_total");
            for (int i = 0; i < 2000; i++) {
                String piece = i + " ünd \"more\" " + "x".repeat(500);
                whole.append(piece);
                play.say(piece);
            }
            play.finish();

            ResponseStream stream = ResponseStream.of(slow.rest());

            assertThat(stream.text()).isEqualTo(whole.toString());
            assertThat(stream.lastNumber()).isEqualTo(2007);
            assertThat(service.metric("runnel_deltas_folded_total")).isGreaterThan(foldedBefore);
        }
    }

    @Test
    void retryWithAnIdempotencyKeyAttaches() throws Exception {
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Play play = start(STREAM, idempotency);
        play.say("Once").say(" \"up\nö").finish();
        String first = wire.answer().body();

        Answer again = wire.post(RESPONSES, service.key(), STREAM, idempotency).answer();
        Answer whole = wire.post(RESPONSES, service.key(), WHOLE, idempotency).answer();
        Answer rest = wire.post(RESPONSES, service.key(), STREAM, idempotency, "Last-Event-ID: 4")
                .answer();

        assertThat(first).contains("\nid: 11\ndata: ");
        assertThat(ResponseStream.of(first).text()).isEqualTo("Once \"up\nö");
        assertThat(ResponseStream.of(again.body()).text()).isEqualTo("Once \"up\nö");
        assertThat(again.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(ResumedStream.json(whole.body())
                        .at("/output/0/content/0/text")
                        .asText())
                .isEqualTo("Once \"up\nö");
        ResponseStream last = ResponseStream.of(rest.body());
        assertThat(last.names()).startsWith("output_text.delta", "output_text.done");
        assertThat(last.text()).isEqualTo(" \"up\nö");
        assertThat(last.lastNumber()).isEqualTo(9);
        Answer chat = wire.post(
                        "/v1/chat/completions",
                        service.key(),
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        idempotency)
                .answer();
        assertFailed(chat, 409, "conflict_error", "idempotency_mismatch", "false", "");
    }
}
