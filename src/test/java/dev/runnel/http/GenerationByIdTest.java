package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.message.Ended;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The routes by id with the real generator, for generations without an idempotency key. */
class GenerationByIdTest {

    private static final String BODY = "{\"prompt\":\"once\",\"maxTokens\":4000}";
    private static final String CONFIG = """
            plans: [ { name: unlimited } ]
            defaultModel: story
            models:
              - { name: story, engine: scripted, text: "ä", repeat: true, interval: 5ms, sequences: 1 }
            """;

    @AutoClose
    private RealService service;

    @BeforeEach
    void start() throws Exception {
        service = RealService.start(CONFIG);
    }

    private Answer get(String id, String key) {
        try (HttpWire wire = service.connect()) {
            return wire.get("/v1/generate/" + id, HttpWire.bearer(key)).answer();
        }
    }

    private JsonNode state(String id) {
        return ResumedStream.json(get(id, service.key()).body());
    }

    private int delete(String id, String key) {
        try (HttpWire wire = service.connect()) {
            return wire.delete("/v1/generate/" + id, HttpWire.bearer(key))
                    .answer()
                    .status();
        }
    }

    @Test
    void runningAndWaitingGenerationsHaveAStateAndAreCancelled() throws Exception {
        try (HttpWire first = service.connect();
                HttpWire second = service.connect()) {
            String running = first.post("/v1/generate/stream", service.key(), BODY)
                    .head()
                    .header("X-Generation-Id");
            String waiting = second.post("/v1/generate/stream", service.key(), BODY)
                    .head()
                    .header("X-Generation-Id");
            await().until(() -> state(running).get("bytes").asLong() > 4);

            assertThat(state(running).get("status").asText()).isEqualTo("running");
            assertThat(state(running).get("bytes").asLong() % 2).isZero();
            assertThat(state(waiting).get("status").asText()).isEqualTo("waiting");
            assertThat(get(running, service.keyOf("bob")).status()).isEqualTo(404);
            assertThat(delete(running, service.keyOf("bob"))).isEqualTo(404);

            assertThat(delete(waiting, service.key())).isEqualTo(204);
            assertThat(delete(running, service.key())).isEqualTo(204);

            assertThat(second.chunk().map(String::new).orElseThrow()).contains("\"finishReason\":\"cancelled\"");
            assertThat(service.ended().outcome()).isEqualTo(Ended.Outcome.CANCELLED);
            assertThat(service.ended().outcome()).isEqualTo(Ended.Outcome.CANCELLED);
            assertThat(get(running, service.key()).status()).isEqualTo(404);
            assertThat(delete(running, service.key())).isEqualTo(404);
        }
    }
}
