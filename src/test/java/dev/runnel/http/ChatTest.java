package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.http.openai.Golden;
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

/** {@code POST /v1/chat/completions}, byte by byte. In the files, a generation's id is {@code gen_1}. */
@ExtendWith(PlayedService.class)
class ChatTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String WHOLE = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true}}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    ChatTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    private Play start(String body, String... headers) throws Exception {
        wire.post(CHAT, service.key(), body, headers);
        return generator.accept();
    }

    private static String normal(String body, Play play) {
        return body.replace(play.id(), "gen_1");
    }

    private static void play(Play play) {
        play.say("Once").say(" \"up\nö").finish(FinishReason.LENGTH, new Usage(4, 2, false));
    }

    private static JsonNode error(Answer answer) {
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        return error;
    }

    @Test
    void streamIsTheFile() throws Exception {
        Play play = start(STREAM);
        play(play);

        Answer answer = wire.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(normal(answer.body(), play)).isEqualTo(Golden.file("chat-stream-with-usage.txt"));
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, no-transform");
    }

    @Test
    void firstByteIsTheFirstToken() throws Exception {
        Play play = start(STREAM);
        wire.head();

        play.say("Once");

        assertThat(wire.event()).contains("\"role\":\"assistant\"").contains("\"content\":\"Once\"");
        play.finish();
        wire.rest();
    }

    @Test
    void wholeAnswerIsTheFile() throws Exception {
        Play play = start(WHOLE, "Accept: text/event-stream");
        play(play);

        Answer answer = wire.answer();

        assertThat(normal(answer.body(), play)).isEqualTo(Golden.file("chat-whole.json"));
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
    }

    @Test
    void conversationGoesToTheGenerator() throws Exception {
        Play play =
                start("{\"model\":\"echo\",\"seed\":-1,\"messages\":[{\"role\":\"developer\",\"content\":\"Be kind.\"},"
                        + "{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":5}");

        assertThat(play.submit().turns()).containsExactly(new Turn(Turn.Role.SYSTEM, "Be kind."), Turn.user("hi"));
        assertThat(play.submit().maxTokens()).isEqualTo(5);
        assertThat(play.submit().maxTokensIsDefault()).isTrue();
        assertThat(play.submit().sampling().seed()).isEqualTo(4_294_967_294L);
        play.finish();
        wire.answer();
    }

    @ParameterizedTest
    @CsvSource({
        "unlimited, 0, 1024",
        "unlimited, 5, 5",
        "unlimited, 100000, 2048",
        "tight, 0, 300",
        "tight, 7, 7",
        "tight, 100000, 300",
        "single, 100000, 99"
    })
    void boundIsLoweredAndNeverRefused(String plan, int asked, int submitted) throws Exception {
        String bound = asked == 0 ? "null" : Integer.toString(asked);
        String key = service.issue(plan).token();
        wire.post(CHAT, key, WHOLE.replace("\"messages\"", "\"max_completion_tokens\":" + bound + ",\"messages\""));

        Play play = generator.accept();

        assertThat(play.submit().maxTokens()).isEqualTo(submitted);
        assertThat(play.submit().options()).isEmpty();
        play.finish();
        assertThat(wire.answer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_request_error, null, '', ''",
        "UNKNOWN_MODEL, 404, not_found_error, model_not_found, '', ''",
        "MODEL_UNAVAILABLE, 503, overloaded_error, null, '', 5",
        "FULL, 503, overloaded_error, null, '', 5",
        "DRAINING, 503, overloaded_error, draining, '', 5",
        "CLUSTER, 503, overloaded_error, cluster, '', 5",
        "DISPLACED, 503, overloaded_error, displaced, '', 5",
        "FIRST_TOKEN_TIMEOUT, 504, timeout_error, timeout, false, ''",
        "NEXT_TOKEN_TIMEOUT, 504, timeout_error, timeout, false, ''",
        "ABANDONED, 504, timeout_error, abandoned, false, ''",
        "UPSTREAM_FAILED, 502, api_error, upstream_failed, '', ''",
        "UPSTREAM_OVERLOADED, 503, overloaded_error, null, '', 5",
        "LOST, 500, api_error, lost, '', ''",
        "ENGINE_FAILED, 500, api_error, null, '', ''"
    })
    void failureHasStatusTypeAndCode(
            FailureCode failure, int status, String type, String code, String shouldRetry, String retryAfter)
            throws Exception {
        for (String body : new String[] {WHOLE, STREAM}) {
            wire.post(CHAT, service.key(), body);
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void promptThatDoesNotFitIsRefusedWithTheWordsThatClientsLookFor(boolean isStreamed) throws Exception {
        wire.post(CHAT, service.key(), isStreamed ? STREAM : WHOLE);
        generator.refuse(Failure.contextExceeded(9120, 8192));

        Answer answer = wire.answer();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"message\":\"messages: 9120 tokens, but this model's maximum context length is"
                        + " 8192 tokens (context_length_exceeded)\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}");
    }

    @Test
    void failureInTheStreamIsANamedEvent() throws Exception {
        Play play = start(STREAM);
        play.say("half");
        wire.head();
        wire.event();

        play.fail(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

        assertThat(wire.event()).isEqualTo(Golden.file("stream-error.txt"));
        assertThat(wire.chunk()).isEmpty();
    }

    @Test
    void deletedGenerationIsAConflict() throws Exception {
        Play stream = start(STREAM);
        stream.say("half");
        wire.head();
        wire.event();
        stream.finish(FinishReason.CANCELLED, Usage.NONE);

        assertThat(wire.event()).isEqualTo(Golden.file("stream-cancelled.txt"));
        assertThat(wire.chunk()).isEmpty();

        start(WHOLE).say("half").finish(FinishReason.CANCELLED, Usage.NONE);
        assertFailed(wire.answer(), 409, "conflict_error", "cancelled", "false", "");
    }

    @Test
    void keyIsRefusedWithACode() {
        Answer answer = wire.post(CHAT, "wrong", STREAM).answer();

        assertFailed(answer, 401, "authentication_error", "invalid_api_key", "", "");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"gpt\",\"messages\":ONE} | 404 | model_not_found | model",
                "{\"model\":\"other\",\"messages\":ONE} | 400 | null | model",
                "{\"model\":\"broken\",\"messages\":ONE} | 503 | null | model",
                "{\"n\":2,\"stream\":true,\"messages\":[]} | 400 | unsupported_value | n",
                "{\"messages\":[]} | 400 | null | messages",
                "[] | 400 | null | null"
            })
    void requestIsRefusedBeforeTheStream(String body, int status, String code, String param) {
        String whole = body.replace("ONE", "[{\"role\":\"user\",\"content\":\"x\"}]");

        Answer answer = wire.post(CHAT, service.key(), whole).answer();

        assertThat(answer.status()).isEqualTo(status);
        assertThat(error(answer).get("code").asText()).isEqualTo(code);
        assertThat(error(answer).get("param").asText()).isEqualTo(param);
    }

    @Test
    void otherMethodsAndTypesAreRefusedInTheSameForm() {
        assertThat(error(wire.get(CHAT, HttpWire.bearer(service.key())).answer())
                        .get("type")
                        .asText())
                .isEqualTo("not_found_error");
        Answer answer = wire.send(HttpWire.requestHead(
                        "POST", CHAT, HttpWire.bearer(service.key()), "Content-Type: text/plain", "Content-Length: 0"))
                .answer();
        assertThat(answer.status()).isEqualTo(415);
        assertThat(error(answer).get("type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void limitIsRefusedWithTheTimeToWait() throws Exception {
        String key = service.issue("tight").token();
        for (int i = 0; i < 6; i++) {
            wire.post(CHAT, key, WHOLE);
            generator.accept().finish();
            wire.answer();
        }

        Answer answer = wire.post(CHAT, key, WHOLE).answer();

        assertFailed(answer, 429, "rate_limit_error", "rate_limit_exceeded", "", "10");
        assertThat(error(answer).get("message").asText()).contains("try again in 10 s");
        assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("6");
    }

    @Test
    void clientThatLeavesCancels() throws Exception {
        for (String body : new String[] {WHOLE, STREAM}) {
            Play play;
            try (HttpWire leaving = new HttpWire(service.port())) {
                leaving.post(CHAT, service.key(), body);
                play = generator.accept().say("half");
            }

            assertThat(generator.cancel(play).cause()).isEqualTo(Cancel.Cause.CONSUMER_GONE);
        }
    }

    @Test
    void generationIsKnownByItsId() throws Exception {
        Play play = start(STREAM);
        wire.head();
        try (HttpWire other = new HttpWire(service.port())) {
            Answer state = other.get("/v1/generate/" + play.id(), HttpWire.bearer(service.key()))
                    .answer();

            assertThat(state.status()).isEqualTo(200);
        }
        play.finish();
    }

    @Test
    void eventsThatWereFoldedConcatenateToTheWhole() throws Exception {
        StringBuilder whole = new StringBuilder();
        try (HttpWire slow = new HttpWire(service.port(), 4096)) {
            slow.post(CHAT, service.key(), STREAM);
            Play play = generator.accept();
            slow.head();
            double foldedBefore = service.metric("runnel_deltas_folded_total");
            for (int i = 0; i < 2000; i++) {
                String piece = i + " ünd \"more\" " + "x".repeat(1000);
                whole.append(piece);
                play.say(piece);
            }
            play.finish();

            String stream = slow.rest();

            assertThat(ChatStream.text(stream)).isEqualTo(whole.toString());
            assertThat(service.metric("runnel_deltas_folded_total")).isGreaterThan(foldedBefore);
        }
    }

    @Test
    void retryWithAnIdempotencyKeyAttaches() throws Exception {
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        Play play = start(STREAM, idempotency);
        play(play);
        String first = normal(wire.answer().body(), play);

        Answer again = wire.post(CHAT, service.key(), STREAM, idempotency).answer();
        Answer whole = wire.post(CHAT, service.key(), WHOLE, idempotency).answer();

        assertThat(ChatStream.text(first)).isEqualTo("Once \"up\nö");
        assertThat(first).contains("\nid: 11\ndata: ");
        assertThat(ChatStream.text(again.body())).isEqualTo("Once \"up\nö");
        assertThat(again.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(normal(whole.body(), play)).isEqualTo(Golden.file("chat-whole.json"));
        Answer ours = wire.get("/v1/generate/" + play.id() + "/stream", HttpWire.bearer(service.key()))
                .answer();
        assertThat(ours.body()).contains("\"delta\":\"Once");
    }

    @Test
    void keyOfAnotherFamilyOfRoutesIsAConflict() throws Exception {
        String idempotency = "Idempotency-Key: " + UUID.randomUUID();
        wire.post("/v1/generate", service.key(), "{\"prompt\":\"hi\"}", idempotency);
        generator.accept().say("x").finish();
        wire.answer();

        Answer chat = wire.post(CHAT, service.key(), WHOLE, idempotency).answer();

        assertFailed(chat, 409, "conflict_error", "idempotency_mismatch", "false", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api-key: ",
                "x-api-key: other",
                "OpenAI-Organization: o",
                "OpenAI-Project: p",
                "OpenAI-Beta: b",
                "X-Stainless-Retry-Count: 1",
                "http-referer: r",
                "x-title: t",
                "Connection: Upgrade, HTTP2-Settings"
            })
    void headersOfClientLibrariesAreIgnored(String header) throws Exception {
        start(WHOLE, header).say("fine").finish();

        assertThat(wire.answer().status()).isEqualTo(200);
    }
}
