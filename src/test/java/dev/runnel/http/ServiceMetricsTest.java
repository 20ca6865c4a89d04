package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.sse.HttpWire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the two ports and all instances of a whole service add up to. */
class ServiceMetricsTest {

    private static final String CONFIG = """
            defaultModel: silent
            models:
              - { name: silent, engine: scripted, text: "never", firstToken: 1h }
            """;

    private RealService service;

    @BeforeEach
    void start() throws Exception {
        service = RealService.start(CONFIG);
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
    }

    private double metric(String line) {
        return service.metrics()
                .lines()
                .filter(candidate -> candidate.startsWith(line + " "))
                .mapToDouble(found -> Double.parseDouble(found.substring(line.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Test
    void connectionsOfAllInstancesAreCountedByPort() {
        String connections = "vertx_http_server_active_connections{local=\"127.0.0.1:" + service.port() + "\"}";
        String requests =
                "vertx_http_server_active_requests{local=\"127.0.0.1:" + service.port() + "\",method=\"POST\"}";
        List<HttpWire> open = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            HttpWire wire = service.connect().post("/v1/generate/stream", service.key(), "{\"prompt\":\"x\"}");
            wire.head();
            open.add(wire);
        }

        assertThat(metric(connections)).isEqualTo(10);
        assertThat(metric(requests)).isEqualTo(10);
        open.forEach(HttpWire::close);
        await().until(() -> metric(connections) == 0);
        assertThat(metric(requests)).isZero();
    }
}
