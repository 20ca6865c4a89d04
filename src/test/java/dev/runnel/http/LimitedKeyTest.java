package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.sse.StreamRules;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What plans mean over HTTP. The plan {@code tight} has 6 requests and 1200 tokens a minute, 2 generations at once, at
 * most 300 tokens each and two of the three models; {@code single} has 100 tokens a minute, 1 generation at once and
 * half of a model's places. The limits' clock stands still unless a test lets time pass.
 */
@ExtendWith(PlayedService.class)
class LimitedKeyTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STREAM = "/v1/generate/stream";
    private static final String GENERATE = "/v1/generate";

    private final TestService service;
    private final PlayedGenerator generator;
    private String key;

    LimitedKeyTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.key = service.issue("tight").token();
    }

    private HttpWire post(String path, String key, String json) {
        return new HttpWire(service.port()).post(path, key, json);
    }

    private Answer refused(String path, String key, String json) {
        try (HttpWire wire = post(path, key, json)) {
            return wire.answer();
        }
    }

    private Answer get(String path, String key) {
        try (HttpWire wire = new HttpWire(service.port())) {
            return wire.get(path, HttpWire.bearer(key)).answer();
        }
    }

    private JsonNode usage(String key) throws IOException {
        return JSON.readTree(get("/v1/usage", key).bytes());
    }

    /** A prompt of one token and so many more. */
    private static String asking(int maxTokens) {
        return "{\"prompt\":\"abcd\",\"maxTokens\":" + maxTokens + "}";
    }

    /** Runs one generation that uses so many tokens, and reads it to its end. */
    private void generate(int maxTokens, int used) throws Exception {
        try (HttpWire wire = post(GENERATE, key, asking(maxTokens))) {
            generator.accept().finish(FinishReason.STOP, new Usage(1, used - 1, false));
            assertThat(wire.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"single, 0.5", "tight, 1"})
    void generatorReceivesTheShareOfThePlan(String plan, double share) throws Exception {
        HttpWire wire = post(STREAM, service.issue(plan).token(), asking(1));
        try (wire) {
            assertThat(generator.submit().body().origin().share()).isEqualTo(share);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/usage", "/v1/nothing"})
    void keyOfAPlanThatDoesNotExistIsForbidden(String path) {
        String stray = service.issue("gold").token();

        Answer answer = get(path, stray);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("\"type\":\"permission_error\"", "\\\"gold\\\"");
        assertThat(refused(STREAM, stray, asking(1)).status()).isEqualTo(403);
    }

    @Test
    void moreTokensThanThePlanAllowsAreForbidden() {
        Answer answer = refused(GENERATE, key, asking(301));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"error\":{\"type\":\"permission_error\",\"message\":\"maxTokens: 301 (expected: at most 300"
                                + " with this API key)\",\"param\":\"maxTokens\"}}");
    }

    @Test
    void modelOutsideOfThePlanIsForbiddenAndAnUnknownOneUnknown() {
        Answer other = refused(GENERATE, key, "{\"prompt\":\"x\",\"model\":\"other\"}");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.body()).contains("permission_error", "\"param\":\"model\"");

        assertThat(refused(GENERATE, key, "{\"prompt\":\"x\",\"model\":\"none\"}")
                        .status())
                .isEqualTo(404);
        assertThat(refused(GENERATE, key, "{\"prompt\":\"x\",\"model\":\"broken\"}")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void modelsAreThoseOfThePlanWithItsMaxTokens() throws Exception {
        assertThat(JSON.readTree(get("/v1/models", key).bytes())).isEqualTo(JSON.readTree("""
            {"object":"list","data":[
             {"id":"echo","object":"model","created":1795842938,"owned_by":"runnel"},
             {"id":"broken","object":"model","created":1795842938,"owned_by":"runnel"}],
             "models":[
             {"name":"echo","default":true,"available":true,"contextTokens":2048,"maxTokens":300},
             {"name":"broken","default":false,"available":false,"contextTokens":0,"maxTokens":300}]}
            """));
    }

    @Test
    void modelOutsideOfThePlanIsNotShown() {
        assertThat(get("/v1/models/echo", key).status()).isEqualTo(200);
        assertThat(get("/v1/models/other", key).status()).isEqualTo(404);
    }

    @Test
    void contentsOfAllMessagesAreReserved() throws Exception {
        key = service.issue("single").token();
        String body = "{\"messages\":[{\"role\":\"system\",\"content\":\"" + "é".repeat(10)
                + "\"},{\"role\":\"user\",\"content\":\"" + "x".repeat(21) + "\"}]}";
        try (HttpWire wire = post(GENERATE, key, body)) {
            Play play = generator.accept();
            play.finish();
            assertThat(wire.answer().status()).isEqualTo(200);

            assertThat(play.submit().maxTokens()).isEqualTo(100 - 11);
        }
    }

    @Test
    void maxTokensThatIsLeftOutIsWhatThePlanLeaves() throws Exception {
        key = service.issue("single").token();
        try (HttpWire wire = post(GENERATE, key, "{\"prompt\":\"" + "x".repeat(41) + "\"}")) {
            Play play = generator.accept();
            play.finish();
            assertThat(wire.answer().status()).isEqualTo(200);

            assertThat(play.submit().maxTokens()).isEqualTo(100 - 11);
            assertThat(play.submit().maxTokensIsDefault()).isTrue();
        }
    }

    @Test
    void requestsPerMinuteAreHeldAndRetryAfterIsTrue() throws Exception {
        for (int i = 0; i < 6; i++) {
            generate(1, 2);
        }

        Answer answer = refused(STREAM, key, asking(1));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(StreamRules.check(answer.bytes()).error()).isPresent();
        assertThat(answer.body()).contains("\"type\":\"rate_limit_error\"").doesNotContain("\"code\"");
        assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        int wait = Integer.parseInt(answer.header("Retry-After"));
        service.pass(Duration.ofSeconds(wait).minusNanos(1));
        assertThat(refused(STREAM, key, asking(1)).status()).isEqualTo(429);
        service.pass(Duration.ofNanos(1));
        generate(1, 2);
    }

    @Test
    void tokensPerMinuteAreHeldAndRetryAfterIsTrue() throws Exception {
        for (int i = 0; i < 4; i++) {
            generate(299, 300);
        }

        Answer answer = refused(GENERATE, key, asking(99));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.header("x-ratelimit-remaining-tokens")).isEqualTo("0");
        assertThat(answer.header("x-ratelimit-reset-tokens")).isEqualTo("60");
        service.pass(Duration.ofSeconds(5));
        generate(99, 100);
    }

    @Test
    void moreThanABucketCanEverHoldExceedsThePlan() {
        String single = service.issue("single").token();

        Answer answer = refused(GENERATE, single, asking(100));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_request_error", "\"code\":\"exceeds_plan\"");
        assertThat(answer.header("Retry-After")).isEmpty();
    }

    @Test
    void whatWasNotUsedIsReturnedBeforeTheClientReceivesTheEnd() throws Exception {
        try (HttpWire wire = post(STREAM, key, asking(299))) {
            Play play = generator.accept();
            Answer head = wire.head();
            assertThat(head.header("x-ratelimit-remaining-tokens")).isEqualTo("900");
            assertThat(head.header("x-ratelimit-remaining-requests")).isEqualTo("5");
            assertThat(usage(key).at("/generations/running").asInt()).isEqualTo(1);

            play.finish(FinishReason.LENGTH, new Usage(1, 9, false));
            wire.event();

            assertThat(usage(key).at("/tokens/remaining").asInt()).isEqualTo(1190);
            assertThat(usage(key).at("/generations/running").asInt()).isZero();
        }
    }

    @Test
    void wholeAnswerCarriesWhatRemainsAfterIt() throws Exception {
        try (HttpWire wire = post(GENERATE, key, asking(299))) {
            generator.accept().finish(FinishReason.STOP, new Usage(1, 9, false));

            assertThat(wire.answer().header("x-ratelimit-remaining-tokens")).isEqualTo("1190");
        }
    }

    /** How a generation that is not {@code Finished} may end. */
    private enum BadEnd {
        FAILS(false),
        TIMES_OUT(false),
        CLIENT_LEAVES(true),
        CLIENT_LEAVES_IN_THE_QUEUE(true);

        private final boolean clientLeaves;

        BadEnd(boolean clientLeaves) {
            this.clientLeaves = clientLeaves;
        }
    }

    @ParameterizedTest
    @EnumSource(BadEnd.class)
    void slotAndTokensComeBackWithTheAccountOnEveryBadEnd(BadEnd end) throws Exception {
        key = service.issue("single").token();
        HttpWire wire = post(STREAM, key, asking(49));
        Play play = generator.accept();
        wire.head();
        if (end != BadEnd.CLIENT_LEAVES_IN_THE_QUEUE) {
            play.say("a");
            wire.event();
        }

        if (end.clientLeaves) {
            wire.close();
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
        } else {
            FailureCode code = end == BadEnd.FAILS ? FailureCode.ENGINE_FAILED : FailureCode.NEXT_TOKEN_TIMEOUT;
            play.fail(Failure.of(code, "it broke"));
            wire.event();
        }

        // The engine has not stopped yet: its usage is unknown.
        assertThat(refused(GENERATE, key, asking(1)).body()).contains("\"code\":\"concurrency\"");
        assertThat(usage(key).at("/tokens/remaining").asInt()).isEqualTo(50);
        int used = end == BadEnd.CLIENT_LEAVES_IN_THE_QUEUE ? 0 : 7;
        play.account(new Usage(0, used, false));
        await().until(() -> usage(key).at("/generations/running").asInt() == 0);
        assertThat(usage(key).at("/tokens/remaining").asInt()).isEqualTo(100 - used);
        play.account(new Usage(0, 50, false));
        generate(10, 20);
        assertThat(usage(key).at("/tokens/remaining").asInt()).isEqualTo(100 - used - 20);
    }

    @Test
    void generationThatNeverStartsCostsNoTokens() throws Exception {
        key = service.issue("single").token();
        try (HttpWire wire = post(GENERATE, key, asking(49))) {
            generator.refuse(Failure.full("full", 3));

            Answer answer = wire.answer();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("x-ratelimit-remaining-tokens")).isEqualTo("100");
            assertThat(usage(key).at("/generations/running").asInt()).isZero();
        }
    }

    @Test
    void tooManyAtOnceAreRefusedBeforeTheHeaders() throws Exception {
        HttpWire first = post(STREAM, key, asking(1));
        Play one = generator.accept();
        HttpWire second = post(STREAM, key, asking(1));
        Play two = generator.accept();

        Answer answer = refused(STREAM, key, asking(1));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.body()).contains("rate_limit_error", "\"code\":\"concurrency\"");
        one.finish();
        two.finish();
        assertThat(first.answer().status()).isEqualTo(200);
        assertThat(second.answer().status()).isEqualTo(200);
        first.close();
        second.close();
        generate(1, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/models,200",
        "GET,/v1/usage,200",
        "HEAD,/v1/usage,200",
        "OPTIONS,/v1/usage,204",
        "GET,/v1/nothing,404",
        "DELETE,/v1/models,405",
        "POST,/v1/generate,415"
    })
    void everyAnswerToAKnownCallerCarriesWhatRemains(String method, String path, int status) {
        Answer answer = request(method, path, key);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("6");
        assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("6");
        assertThat(answer.header("x-ratelimit-reset-requests")).isEqualTo("0");
        assertThat(answer.header("x-ratelimit-limit-tokens")).isEqualTo("1200");
        assertThat(answer.header("x-ratelimit-remaining-tokens")).isEqualTo("1200");
        assertThat(answer.header("x-ratelimit-reset-tokens")).isEqualTo("0");
        assertThat(request(method, path, service.key()).headers().keySet())
                .noneMatch(name -> name.startsWith("x-ratelimit"));
        assertThat(request(method, path, "nonsense").headers().keySet())
                .noneMatch(name -> name.startsWith("x-ratelimit"));
    }

    private Answer request(String method, String path, String key) {
        try (HttpWire wire = new HttpWire(service.port())) {
            return wire.send(HttpWire.requestHead(method, path, HttpWire.bearer(key), "Content-Length: 0"))
                    .head();
        }
    }

    @Test
    void unlimitedIsNullInTheUsage() {
        assertThat(get("/v1/usage", service.key()).body())
                .isEqualTo("{\"subject\":\"ada\",\"plan\":\"unlimited\",\"requests\":null,\"tokens\":null,"
                        + "\"generations\":null}");
    }

    @Test
    void usageListsEveryLimit() throws Exception {
        generate(299, 300);

        assertThat(get("/v1/usage", key).body())
                .isEqualTo("{\"subject\":\"ada\",\"plan\":\"tight\","
                        + "\"requests\":{\"limit\":6,\"remaining\":5,\"resetSeconds\":10},"
                        + "\"tokens\":{\"limit\":1200,\"remaining\":900,\"resetSeconds\":15},"
                        + "\"generations\":{\"limit\":2,\"running\":0}}");
    }

    @Test
    void decisionsAreCounted() {
        double before = service.metric("runnel_limit_decisions_total{decision=\"refused\",limit=\"exceeds_plan\"}");

        refused(GENERATE, service.issue("single").token(), asking(100));

        assertThat(service.metric("runnel_limit_decisions_total{decision=\"refused\",limit=\"exceeds_plan\"}"))
                .isEqualTo(before + 1);
    }
}
