package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process that was stopped for longer than its deadlines goes on where it was. */
@ExtendWith(VertxExtension.class)
class PausedProcessIT {

    private static final int WORDS = 120;
    private static final int INTERVAL_MILLIS = 50;

    /** While the process is stopped, the upstream sends this many: for three times as long as any deadline. */
    private static final int WORDS_OF_THE_PAUSE = 60;

    private static final String CONFIG = """
            http: { stall: 1s }
            generation: { firstToken: 1s, nextToken: 1s }
            defaultModel: relayed
            models:
              - name: relayed
                engine: openai
                deadlines: { firstByte: 1s, idle: 1s }
                upstreams: [ { url: "http://127.0.0.1:%d/v1", model: m } ]
            """;

    @TempDir
    Path data;

    private final Vertx vertx;
    private final AtomicInteger sent = new AtomicInteger();

    PausedProcessIT(Vertx vertx) {
        this.vertx = vertx;
    }

    private HttpServer upstream() throws Exception {
        return vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response =
                request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        vertx.setPeriodic(INTERVAL_MILLIS, id -> {
            int word = sent.getAndIncrement();
            if (word < WORDS) {
                response.write("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + word + " \"}}]}\n\n");
            } else {
                vertx.cancelTimer(id);
                response.end("""
                        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                        data: [DONE]

                        """);
            }
        });
    }

    private void awaitSent(int words) {
        await().atMost(Duration.ofSeconds(30)).until(() -> sent.get() >= words);
    }

    @Test
    void relayGoesOnAfterItsProcessWasStoppedForLongerThanItsDeadlines() throws Exception {
        Path config = Files.writeString(
                data.resolve("paused.yaml"), CONFIG.formatted(upstream().actualPort()));
        String key = RunningService.keys(RunningService.read(config, data), "unlimited", "tester")
                .get(0);
        try (JarProcess process = JarProcess.serve(RunningService.environment(data), "--config", config.toString());
                HttpWire wire = new HttpWire(process.awaitPorts().http())) {
            wire.post("/v1/generate/stream", key, "{\"prompt\":\"x\"}");
            awaitSent(WORDS / 4);

            process.signal("STOP");
            awaitSent(sent.get() + WORDS_OF_THE_PAUSE);
            process.signal("CONT");

            Streamed streamed = StreamRules.check(wire.answer().bytes());
            assertThat(streamed.error()).isEmpty();
            assertThat(streamed.finishReason()).isEqualTo("stop");
            assertThat(streamed.text())
                    .isEqualTo(IntStream.range(0, WORDS)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(" ", "", " ")));
        }
    }
}
