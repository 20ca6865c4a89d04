package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers of the whole service to probes. */
class HealthIT {

    @TempDir
    Path data;

    private static Answer ask(RunningService service, String path) {
        try (HttpWire wire = service.management()) {
            return wire.get(path).answer();
        }
    }

    @Test
    void everyCheckHasItsName() {
        String config = """
                defaultModel: scripted
                models: [ { name: scripted, engine: scripted } ]
                """;
        try (RunningService service = RunningService.start(Launch.IN_PROCESS, config, data)) {
            Answer live = ask(service, "/health/live");
            Answer ready = ask(service, "/health/ready");

            assertThat(live.status()).isEqualTo(200);
            assertThat(live.body()).contains("{\"name\":\"event loop of lane 1\",\"ok\":true}");
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.body())
                    .contains(
                            "{\"name\":\"not draining\",\"ok\":true}",
                            "{\"name\":\"model scripted\",\"ok\":true}",
                            "{\"name\":\"queue\",\"ok\":true}");
        }
    }

    @Test
    void serviceWithATooLongQueueIsNotReady() {
        String config = """
                generation: { queueWait: 1s }
                defaultModel: mute
                models: [ { name: mute, engine: scripted, stallAfter: 1, sequences: 1 } ]
                """;
        try (RunningService service = RunningService.start(Launch.IN_PROCESS, config, data);
                HttpWire running = service.http()) {
            running.post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\"}")
                    .head();

            await().until(() -> ask(service, "/health/ready").status() == 503);

            assertThat(ask(service, "/health/ready").body())
                    .containsPattern(
                            "\"name\":\"queue\",\"ok\":false,\"problem\":\"estimated wait \\d+ s \\(limit 1 s\\)\"");
        }
    }
}
