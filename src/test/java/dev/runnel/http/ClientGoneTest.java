package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Ended;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that closes its connection frees the place in the engine, whenever it does. Each model here has one place.
 */
class ClientGoneTest {

    private static final String MODELS = """
        defaultModel: quick
        models:
          - { name: quick, engine: scripted, text: "Once upon a time", sequences: 1 }
          - { name: silent, engine: scripted, text: "never", firstToken: 1h, sequences: 1 }
          - { name: endless, engine: scripted, text: "on and on ", repeat: true, interval: 1ms, sequences: 1 }
        """;

    @AutoClose
    private static RealService service;

    @BeforeAll
    static void start() throws Exception {
        service = RealService.start(MODELS);
    }

    private static HttpWire post(String path, String model) {
        return service.connect()
                .post(path, service.key(), "{\"prompt\":\"x\",\"maxTokens\":4096,\"model\":\"" + model + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "endless"})
    void placeIsFreeAfterClientsLeave(String model) throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpWire client = post("/v1/generate/stream", model);
            String id = client.head().header("X-Generation-Id");
            if (model.equals("endless")) {
                client.event();
            }

            client.close();

            Ended ended = service.ended();
            assertThat(ended.generationId()).isEqualTo(id);
            assertThat(ended.outcome()).isEqualTo(Ended.Outcome.CANCELLED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generate/stream", "/v1/generate"})
    void clientInTheQueueLeavesIt(String path) throws Exception {
        HttpWire runs = post("/v1/generate/stream", "silent");
        String running = runs.head().header("X-Generation-Id");
        for (int i = 0; i < 5; i++) {
            HttpWire waits = post("/v1/generate/stream", "silent");
            String waiting = waits.head().header("X-Generation-Id");
            HttpWire once = post(path, "silent");
            await().until(() -> service.metrics().contains("runnel_queue_depth{model=\"silent\"} 2.0"));

            waits.close();
            assertThat(service.ended().generationId()).isEqualTo(waiting);
            once.close();
            Ended left = service.ended();
            assertThat(left.generationId()).isNotEqualTo(running);
            assertThat(left.outcome()).isEqualTo(Ended.Outcome.CANCELLED);
        }
        runs.close();
        assertThat(service.ended().generationId()).isEqualTo(running);
    }

    @Test
    void othersAreServedAfterwards() throws Exception {
        HttpWire leaves = post("/v1/generate/stream", "endless");
        leaves.head();
        leaves.close();
        service.ended();

        try (HttpWire client = post("/v1/generate/stream", "quick")) {
            assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("Once upon a time");
        }
        assertThat(service.ended().outcome()).isEqualTo(Ended.Outcome.STOP);
    }
}
