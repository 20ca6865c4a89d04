package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.sse.HttpWire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that break a rule, over a real socket: refused with the field and the rule, and the connection goes on. */
class BadBodyTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @AutoClose
    private static TestService service;

    private static PlayedGenerator generator;

    @AutoClose
    private static HttpWire connection;

    private static String key;

    @BeforeAll
    static void start() throws Exception {
        service = TestService.start();
        generator = new PlayedGenerator(service.vertx()).start();
        key = service.key();
        connection = new HttpWire(service.port());
    }

    static Stream<BadBodies.Case> cases() {
        return BadBodies.all().stream();
    }

    @Test
    void thereAreEnoughCases() {
        assertThat(BadBodies.all()).hasSizeGreaterThanOrEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void badBodyIsRefusedWithItsFieldAndRule(BadBodies.Case bad) throws Exception {
        HttpWire.Answer answer = post("/v1/generate", bad.body().getBytes());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        JsonNode error = JSON.readTree(answer.bytes()).get("error");
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.get("message").asText()).contains(bad.message()).hasSizeLessThan(600);
        assertThat(error.path("param").asText()).isEqualTo(bad.param());
        assertThatNothingLeaks(answer.body());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void badBodyIsOneErrorEventOnTheStreamRoute(BadBodies.Case bad) throws Exception {
        String plain = post("/v1/generate", bad.body().getBytes()).body();

        HttpWire.Answer answer = post("/v1/generate/stream", bad.body().getBytes());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(answer.body()).isEqualTo("data: " + plain + "\n\n");
    }

    @Test
    void serviceAnswersCorrectlyAfterwards() throws Exception {
        for (BadBodies.Case bad : BadBodies.all()) {
            post("/v1/generate", bad.body().getBytes());
        }

        connection.post("/v1/generate", key, "{\"prompt\":\"x\"}");

        generator.accept().say("fine").finish();
        assertThat(connection.answer().body()).contains("\"text\":\"fine\"");
    }

    private static HttpWire.Answer post(String path, byte[] body) {
        return connection.post(path, key, body).answer();
    }

    static void assertThatNothingLeaks(String body) {
        for (String leak :
                List.of("Exception", "java.", "vertx", "jackson", "dev.runnel", "\tat ", "secret", "Optional[")) {
            assertThat(body).doesNotContainIgnoringCase(leak);
        }
        assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2000);
    }
}
