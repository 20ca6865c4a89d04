package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user of the service who runs programs.
 *
 * @param model the model that they use; without one it is the default model
 */
record Client(String url, String key, Optional<String> model) {

    Client(String url, String key) {
        this(url, key, Optional.empty());
    }

    Client withModel(String name) {
        return new Client(url, key, Optional.of(name));
    }

    /** Runs a program, which succeeds, and returns what it printed. */
    String run(String... command) throws IOException, InterruptedException {
        ClientRun.Ended ended = start(List.of(command)).end();
        assertThat(ended.status()).as(ended.err()).isZero();
        return ended.out();
    }

    ClientRun start(List<String> command) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("RUNNEL_URL", url, "RUNNEL_KEY", key));
        model.ifPresent(name -> environment.put("RUNNEL_MODEL", name));
        return ClientRun.start(environment, command);
    }

    /** How many generations of the key run, which must belong to a plan that limits them. */
    int running() {
        try (HttpWire wire = new HttpWire(URI.create(url).getPort())) {
            String usage = wire.get("/v1/usage", HttpWire.bearer(key)).answer().body();
            return new JsonObject(usage).getJsonObject("generations").getInteger("running");
        }
    }

    /** Waits until none runs. */
    void awaitNoneRunning() {
        await().atMost(Duration.ofSeconds(10)).until(() -> running() == 0);
    }
}
