package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.auth.Scope;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The URL space: which refusal comes first, and what every answer carries. */
@ExtendWith(PlayedService.class)
class RoutesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPT = "{\"prompt\":\"x\"}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire client;

    RoutesTest(TestService service, PlayedGenerator generator, HttpWire client) {
        this.service = service;
        this.generator = generator;
        this.client = client;
    }

    private HttpWire.Answer get(String path, String... headers) {
        return request("GET", path, headers);
    }

    private HttpWire.Answer request(String method, String path, String... headers) {
        client.send(HttpWire.requestHead(method, path, headers));
        return method.equals("HEAD") ? client.head() : client.answer();
    }

    private String auth() {
        return HttpWire.bearer(service.key());
    }

    @Test
    void allInstancesShareTheRandomPort() {
        assertThat(service.instances()).hasSize(2);
        assertThat(service.instances().get(0).actualPort())
                .isPositive()
                .isEqualTo(service.instances().get(1).actualPort());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/models",
        "POST,/v1/generate",
        "POST,/v1/generate/stream",
        "GET,/v1/nothing",
        "PUT,/v1/models",
        "GET,/v1/models/echo",
        "GET,/v1",
        "OPTIONS,/v1/models",
        "DELETE,/v1/generate/gen_1"
    })
    void badKeyIsRefusedBeforeUnknownRouteOrMethod(String method, String path) {
        HttpWire.Answer answer = request(method, path);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.body()).contains("\"type\":\"authentication_error\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/generate/stream/", "//v1/generate/stream", "/v1/generate/%73tream", "/v1/./generate/stream"
            })
    void routeHasOneSpelling(String path) {
        client.post(path, service.key(), PROMPT);

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("not_found_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions/",
                "/v1/completions/",
                "/v1/responses/",
                "/chat/completions",
                "/completions",
                "/responses",
                "/v1/chat",
                "/v1/embeddings",
                "/v1/images/generations",
                "/v1/audio/speech",
                "/v1/moderations",
                "/v1/messages"
            })
    void openAiRoutesHaveOneSpellingAndNoOthersExist(String path) {
        client.post(path, service.key(), PROMPT);

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("not_found_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer nonsense",
                "Authorization: Basic YTpi",
                "Authorization: Bearer",
                "Authorization:",
                "Authorization: Bearer a.b.c",
                "Authorization: Bearer ....",
                "X: y"
            })
    void badKeyIsRefused(String header) {
        HttpWire.Answer answer = get("/v1/models", header);

        assertThat(answer.status()).isEqualTo(401);
        BadBodyTest.assertThatNothingLeaks(answer.body());
    }

    @Test
    void unknownRouteUnderV1IsNotFoundForAGoodKey() {
        HttpWire.Answer answer = get("/v1/nothing", auth());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":{\"type\":\"not_found_error\",\"message\":\"no such route\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/openapi.yml", "/metrics", "/health/live", "/v1x", "/%2e%2e/etc/passwd", "//", "/a?b=c#d", "*"})
    void unknownRouteElsewhereNeedsNoKey(String path) {
        HttpWire.Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).contains("not_found_error");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/generate,'POST, OPTIONS'",
        "GET,/v1/generate/stream,'POST, OPTIONS'",
        "DELETE,/v1/generate,'POST, OPTIONS'",
        "POST,/v1/models,'GET, HEAD, OPTIONS'",
        "PATCH,/v1/models,'GET, HEAD, OPTIONS'",
        "DELETE,/v1/models/echo,'GET, HEAD, OPTIONS'",
        "FROBNICATE,/v1/models,'GET, HEAD, OPTIONS'",
        "HEAD,/v1/generate,'POST, OPTIONS'"
    })
    void wrongMethodIsRefusedWithTheAllowedOnes(String method, String path, String allowed) {
        HttpWire.Answer answer = request(method, path, auth());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
        if (!method.equals("HEAD")) {
            assertThat(answer.body()).contains("\"type\":\"not_found_error\"");
        }
    }

    @Test
    void optionsNamesTheMethods() {
        HttpWire.Answer answer = request("OPTIONS", "/v1/generate", auth());

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Allow")).isEqualTo("POST, OPTIONS");
    }

    @Test
    void modelsAreListedWithoutTheirProblems() throws Exception {
        HttpWire.Answer answer = get("/v1/models", auth());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(JSON.readTree(answer.bytes())).isEqualTo(JSON.readTree("""
            {"object":"list","data":[
             {"id":"echo","object":"model","created":1795842938,"owned_by":"runnel"},
             {"id":"other","object":"model","created":1795842938,"owned_by":"runnel"},
             {"id":"broken","object":"model","created":1795842938,"owned_by":"runnel"}],
             "models":[
             {"name":"echo","default":true,"available":true,"contextTokens":2048,"maxTokens":2048},
             {"name":"other","default":false,"available":true,"contextTokens":0,"maxTokens":4096},
             {"name":"broken","default":false,"available":false,"contextTokens":0,"maxTokens":4096}]}
            """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "broken"})
    void oneModelIsShownAvailableOrNot(String name) throws Exception {
        HttpWire.Answer answer = get("/v1/models/" + name, auth());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(JSON.readTree(answer.bytes()))
                .isEqualTo(JSON.readTree("{\"id\":\"" + name
                        + "\",\"object\":\"model\",\"created\":1795842938,\"owned_by\":\"runnel\"}"));
    }

    @ParameterizedTest
    @CsvSource({"gpt-4o,gpt-4o", "Echo,Echo", "a%20b,a b"})
    void unknownModelIsNotShown(String path, String name) {
        HttpWire.Answer answer = get("/v1/models/" + path, auth());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"type\":\"not_found_error\",\"message\":\"model: \\\"" + name
                        + "\\\" (expected: a name that GET /v1/models lists)\",\"param\":\"model\","
                        + "\"code\":\"model_not_found\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/", "/v1/models/echo/", "/v1/models/echo/x", "/v1/models/%65cho"})
    void otherSpellingOfAModelIsNoRoute(String path) {
        HttpWire.Answer answer = get(path, auth());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("no such route");
    }

    @Test
    void headOfModelsHasNoBody() {
        assertThat(request("HEAD", "/v1/models", auth()).status()).isEqualTo(200);
        assertThat(request("HEAD", "/v1/models/echo", auth()).status()).isEqualTo(200);
        assertThat(get("/v1/models", auth()).status()).isEqualTo(200);
    }

    @Test
    void keyWithoutTheScopeMayNotGenerate() {
        String key = service.key(Set.of(Scope.OBSERVE), Duration.ofHours(1));

        HttpWire.Answer answer = client.post("/v1/generate", key, PROMPT).answer();

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("\"type\":\"permission_error\"");
    }

    @Test
    void unknownModelIsNotFound() {
        HttpWire.Answer answer = client.post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"gpt\\n\"}")
                .answer();

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"type\":\"not_found_error\",\"message\":"
                        + "\"model: \\\"gpt\\n\\\" (expected: a name that"
                        + " GET /v1/models lists)\",\"param\":\"model\"}}");
    }

    @Test
    void modelThatIsNotAvailableIsOverloaded() {
        HttpWire.Answer answer = client.post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"broken\"}")
                .answer();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        assertThat(answer.body()).contains("overloaded_error").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-z_0.9", "req_1"})
    void requestIdIsTheClients(String id) {
        assertThat(get("/nothing", "X-Request-Id: " + id).header("X-Request-Id"))
                .isEqualTo(id);
        assertThat(get("/v1/models", "X-Request-Id: " + id).header("X-Request-Id"))
                .isEqualTo(id);
        assertThat(get("/v1/models", auth(), "X-Request-Id: " + id).header("X-Request-Id"))
                .isEqualTo(id);
    }

    @Test
    void requestIdOfAnotherFormIsReplacedByOurs() {
        Set<String> ids = new HashSet<>();
        for (String id : new String[] {"", "a b", "ä", "a/b", "a".repeat(129), "<script>"}) {
            String given = get("/nothing", "X-Request-Id: " + id).header("X-Request-Id");
            assertThat(given).matches("req_[0-9a-f]{32}");
            ids.add(given);
        }
        assertThat(ids).hasSize(6);
    }

    @Test
    void generateAnswersOnce() throws Exception {
        client.post("/v1/generate", service.key(), "{\"prompt\":\"x\",\"model\":\"other\",\"includeText\":false}");
        PlayedGenerator.Play play = generator.accept().say("one \"").say("two\u2028😀");
        play.finish();

        HttpWire.Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(answer.body())
                .isEqualTo("{\"id\":\"" + play.id()
                        + "\",\"text\":\"one \\\"two\\u2028😀\",\"finishReason\":\"stop\",\"usage\":"
                        + "{\"promptTokens\":4,\"completionTokens\":2,\"totalTokens\":6},\"model\":\"other\"}");
        assertThat(play.submit().model()).isEqualTo("other");
        assertThat(play.submit().origin().caller()).isEqualTo("ada");
        assertThat(play.submit().origin().requestId()).isEqualTo(answer.header("X-Request-Id"));
    }

    @Test
    void clientOfGenerateThatLeavesCancels() throws Exception {
        client.post("/v1/generate", service.key(), PROMPT);
        PlayedGenerator.Play play = generator.accept().say("a");

        client.close();

        assertThat(generator.cancel().generationId()).isEqualTo(play.id());
    }

    @Test
    void everyFieldReachesTheGenerator() throws Exception {
        client.post(
                "/v1/generate/stream",
                service.key(),
                """
                {"prompt":"p","maxTokens":7,"temperature":0.5,"topP":1,"topK":0,"stop":["a","\\n"],"seed":4294967294,
                 "presencePenalty":-2,"frequencyPenalty":2.0,"model":"other","includeText":true}
                """,
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        PlayedGenerator.Play play = generator.accept();
        play.finish();

        StreamRules.check(client.answer().bytes());

        var submit = play.submit();
        assertThat(submit.turns())
                .singleElement()
                .satisfies(turn -> assertThat(turn.content()).isEqualTo("p"));
        assertThat(submit.maxTokens()).isEqualTo(7);
        assertThat(submit.maxTokensIsDefault()).isFalse();
        assertThat(submit.sampling())
                .isEqualTo(new dev.runnel.text.Sampling(
                        0.5, 1.0, 0, 4294967294L, -2.0, 2.0, java.util.List.of("a", "\n")));
        assertThat(submit.origin().traceparent()).isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    @Test
    void whatIsLeftOutIsLeftToTheModel() throws Exception {
        client.post("/v1/generate", service.key(), PROMPT);
        PlayedGenerator.Play play = generator.accept();
        play.finish();
        client.answer();

        assertThat(play.submit().model()).isEqualTo("echo");
        assertThat(play.submit().maxTokens()).isEqualTo(256);
        assertThat(play.submit().maxTokensIsDefault()).isTrue();
        assertThat(play.submit().sampling()).isEqualTo(dev.runnel.text.Sampling.UNSET);
        assertThat(play.submit().origin().traceparent()).isNull();
    }
}
