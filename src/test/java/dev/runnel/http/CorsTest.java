package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.HttpConfig;
import dev.runnel.config.TestConfig;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other origins may do. */
class CorsTest {

    private static final String LISTED = "http://localhost:3000";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final List<String> HEADERS = List.of(
            ALLOW_ORIGIN,
            "Access-Control-Allow-Methods",
            "Access-Control-Allow-Headers",
            "Access-Control-Max-Age",
            "Access-Control-Expose-Headers",
            "Access-Control-Allow-Credentials");

    @AutoClose
    private static TestService listed;

    @AutoClose
    private static TestService any;

    @AutoClose
    private static TestService off;

    private static PlayedGenerator generator;

    @BeforeAll
    static void start() throws Exception {
        listed = TestService.start(http("[ \"https://chat.example.com\", \"" + LISTED + "\" ]"), 1);
        any = TestService.start(http("\"*\""), 1);
        off = TestService.start();
        generator = new PlayedGenerator(listed.vertx()).start();
    }

    private static HttpConfig http(String origins) {
        return TestConfig.of("http: { port: 0, cors: { origins: " + origins + " } }")
                .http();
    }

    private static Answer request(TestService service, String line, String... headers) {
        try (HttpWire wire = new HttpWire(service.port())) {
            String[] parts = line.split(" ", 2);
            return wire.send(HttpWire.requestHead(parts[0], parts[1], headers)).answer();
        }
    }

    private static Answer preflight(TestService service, String path, String origin) {
        return request(
                service,
                "OPTIONS " + path,
                "Origin: " + origin,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,x-stainless-os");
    }

    private static void assertWithoutCors(Answer answer) {
        assertThat(HEADERS).allSatisfy(name -> assertThat(answer.header(name)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generate", "/v1/generate/stream", "/v1/models", "/v1/usage", "/v1/unknown"})
    void preflightOfAListedOriginIsAnsweredWithoutAKey(String path) {
        Answer answer = preflight(listed, path, LISTED);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header(ALLOW_ORIGIN)).isEqualTo(LISTED);
        assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST, DELETE");
        assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("authorization,x-stainless-os");
        assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("600");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding, Origin");
    }

    @Test
    void preflightWithoutRequestHeadersAllowsNone() {
        Answer answer = request(listed, "OPTIONS /v1/usage", "Origin: " + LISTED, "Access-Control-Request-Method: GET");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Access-Control-Allow-Headers")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://other",
                "null",
                "http://localhost:3001",
                "https://localhost:3000",
                "http://localhost:3000.evil.example",
                "*"
            })
    void requestOfAnotherOriginIsAnsweredAsEverWithoutCorsHeaders(String origin) {
        Answer preflight = preflight(listed, "/v1/generate", origin);
        Answer answer = request(listed, "GET /v1/models", "Origin: " + origin, HttpWire.bearer(listed.key()));

        assertThat(preflight.status()).isEqualTo(401);
        assertWithoutCors(preflight);
        assertThat(answer.status()).isEqualTo(200);
        assertWithoutCors(answer);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding, Origin");
    }

    @Test
    void answersAndErrorsCarryTheOriginAndTheExposedHeaders() {
        Answer answer = request(listed, "GET /v1/models", "Origin: " + LISTED, HttpWire.bearer(listed.key()));
        Answer refusal = request(listed, "GET /v1/models", "Origin: " + LISTED);
        Answer unknown = request(listed, "GET /v1/unknown", "Origin: " + LISTED, HttpWire.bearer(listed.key()));

        assertThat(List.of(answer.status(), refusal.status(), unknown.status())).containsExactly(200, 401, 404);
        assertThat(List.of(answer, refusal, unknown)).allSatisfy(CorsTest::assertReadable);
    }

    private static void assertReadable(Answer answer) {
        assertExposed(answer);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding, Origin");
    }

    private static void assertExposed(Answer answer) {
        assertThat(answer.header(ALLOW_ORIGIN)).isEqualTo(LISTED);
        assertThat(answer.header("Access-Control-Expose-Headers").split(", "))
                .containsExactly(
                        "X-Request-Id",
                        "X-Generation-Id",
                        "Retry-After",
                        "x-ratelimit-limit-requests",
                        "x-ratelimit-remaining-requests",
                        "x-ratelimit-reset-requests",
                        "x-ratelimit-limit-tokens",
                        "x-ratelimit-remaining-tokens",
                        "x-ratelimit-reset-tokens");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
    }

    /** The browser shows the page no answer without them. */
    @ParameterizedTest
    @CsvSource({"GET /v1/models,400,Transfer-Encoding: gzip", "GET /v1/%zz,400,X: y", "GET /v1/models,431,"})
    void answerToAMalformedRequestCarriesTheOriginAndTheExposedHeaders(String line, int status, String header) {
        String broken = header == null ? "X: " + "y".repeat(20_000) : header;

        // Netty drops the header before the one that is too long.
        Answer answer = request(listed, line, "Origin: " + LISTED, "Dropped: x", broken);

        assertThat(answer.status()).isEqualTo(status);
        assertExposed(answer);
        assertThat(answer.header("Vary")).endsWith("Origin");
    }

    @Test
    void streamsCarryTheOriginAndTheExposedHeaders() throws Exception {
        try (HttpWire wire = new HttpWire(listed.port())) {
            wire.post("/v1/generate/stream", listed.key(), "{\"prompt\":\"x\"}", "Origin: " + LISTED);
            generator.accept().say("a").finish();

            assertReadable(wire.answer());
        }
    }

    @Test
    void optionsWithoutAMethodToAskForIsNoPreflight() {
        assertThat(request(listed, "OPTIONS /v1/models", "Origin: " + LISTED).status())
                .isEqualTo(401);
    }

    @Test
    void everyOriginIsListedByAnAsterisk() {
        assertThat(preflight(any, "/v1/generate", "https://a.example").header(ALLOW_ORIGIN))
                .isEqualTo("https://a.example");
        assertThat(preflight(any, "/v1/generate", "null").status()).isEqualTo(204);
    }

    @Test
    void nothingIsSentWithoutOrigins() {
        Answer preflight = preflight(off, "/v1/generate", LISTED);
        Answer answer = request(off, "GET /v1/models", "Origin: " + LISTED, HttpWire.bearer(off.key()));

        assertThat(preflight.status()).isEqualTo(401);
        assertWithoutCors(preflight);
        assertThat(answer.status()).isEqualTo(200);
        assertWithoutCors(answer);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void requestWithoutAnOriginHasNoCorsHeaders() {
        assertWithoutCors(request(listed, "GET /v1/models", HttpWire.bearer(listed.key())));
    }
}
