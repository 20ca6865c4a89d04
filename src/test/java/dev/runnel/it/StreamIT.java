package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What users rely on, with the scripted engine: once in the process, once as the packaged jar. */
@ParameterizedClass
@EnumSource(Launch.class)
class StreamIT {

    private static final String CONFIG = """
            defaultModel: scripted
            models:
              - { name: scripted, engine: scripted, text: "Once upon a time", interval: 1ms }
              - { name: broken, engine: llama, sources: [ { file: no-such-file.gguf } ] }
            """;

    @TempDir
    static Path data;

    private static RunningService service;
    private static String key;

    @Parameter
    Launch launch;

    @BeforeParameterizedClassInvocation
    static void start(Launch launch) {
        service = RunningService.start(launch, CONFIG, data.resolve(launch.name()));
        key = service.key();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        service.close();
    }

    @Test
    void serviceIsReady() {
        assertThat(get(service.management(), "/health/ready").status()).isEqualTo(200);
        assertThat(get(service.management(), "/health/live").status()).isEqualTo(200);
    }

    @Test
    void streamKeepsEveryRule() {
        try (HttpWire wire = service.http()) {
            Answer answer = wire.post("/v1/generate/stream", key, "{\"prompt\": \"Tell me a story\"}")
                    .answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
            StreamRules.checkChunks(answer.chunks());
            Streamed streamed = StreamRules.check(answer.bytes());
            assertThat(streamed.text()).isEqualTo("Once upon a time");
        }
    }

    @Test
    void answerAtOnceEqualsTheStreamedText() {
        try (HttpWire wire = service.http()) {
            Answer answer = wire.post("/v1/generate", key, "{\"prompt\": \"Tell me a story\"}")
                    .answer();

            assertThat(answer.status()).isEqualTo(200);
            JsonObject body = new JsonObject(answer.body());
            assertThat(body.getString("text")).isEqualTo("Once upon a time");
            assertThat(body.getString("finishReason")).isEqualTo("stop");
            assertThat(body.getString("model")).isEqualTo("scripted");
        }
    }

    @Test
    void listOfModelsShowsWhichOnesWork() {
        JsonArray models = new JsonObject(
                        get(service.http(), "/v1/models", HttpWire.bearer(key)).body())
                .getJsonArray("models");

        assertThat(models.getJsonObject(0).getString("name")).isEqualTo("scripted");
        assertThat(models.getJsonObject(0).getBoolean("default")).isTrue();
        assertThat(models.getJsonObject(0).getBoolean("available")).isTrue();
        assertThat(models.getJsonObject(1).getString("name")).isEqualTo("broken");
        assertThat(models.getJsonObject(1).getBoolean("available")).isFalse();
    }

    @Test
    void modelThatDoesNotLoadShowsInReadinessAndIsRefused() {
        Answer ready = get(service.management(), "/health/ready");
        assertThat(ready.body()).contains("\"model broken\"", "no-such-file.gguf");

        try (HttpWire wire = service.http()) {
            Answer answer = wire.post("/v1/generate", key, "{\"prompt\": \"x\", \"model\": \"broken\"}")
                    .answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("overloaded_error").doesNotContain("no-such-file");
        }
    }

    @Test
    void keyIsAskedFor() {
        try (HttpWire wire = service.http()) {
            Answer answer = wire.post("/v1/generate/stream", "wrong", "{\"prompt\": \"x\"}")
                    .answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(StreamRules.check(answer.bytes()).error()).isPresent();
        }
    }

    @Test
    void metricsCountWhatHappened() {
        streamKeepsEveryRule();

        // The client has its answer before the stream is counted as closed.
        await().untilAsserted(
                        () -> assertThat(get(service.management(), "/metrics").body())
                                .contains(
                                        "runnel_generations_total{",
                                        "runnel_streams_open 0",
                                        "runnel_queue_depth",
                                        "jvm_memory_used_bytes")
                                .containsPattern("vertx_http_server_\\S+\\{"));
    }

    private static Answer get(HttpWire wire, String path, String... headers) {
        try (wire) {
            return wire.get(path, headers).answer();
        }
    }
}
