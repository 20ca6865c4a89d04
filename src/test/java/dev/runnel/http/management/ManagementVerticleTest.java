package dev.runnel.http.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.ManagementConfig;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.metric.Metrics;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementVerticleTest {

    private static final int MAX_CONNECTIONS = 32;

    private final Metrics metrics = new Metrics();
    /** Its own: the metrics of a test are set when Vert.x is made. */
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(metrics.vertxOptions()))
            .withMetrics(metrics.vertxMetrics())
            .build();

    private volatile Optional<String> problem = Optional.empty();
    private ManagementVerticle verticle;
    private HttpWire client;

    @BeforeEach
    void start() throws Exception {
        verticle = new ManagementVerticle(new ManagementVerticle.Setup(
                new ManagementConfig("127.0.0.1", 0, Optional.empty()),
                metrics,
                () -> Future.succeededFuture(List.of()),
                () -> List.of(
                        new HealthCheck("model a", true, () -> problem),
                        new HealthCheck("model b", false, () -> Optional.of("is gone"))),
                new AcceptedConnections(),
                Optional.empty()));
        vertx.deployVerticle(verticle).await(5, TimeUnit.SECONDS);
        client = new HttpWire(verticle.actualPort());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().await(5, TimeUnit.SECONDS);
        metrics.close();
    }

    private HttpWire.Answer request(String method, String path) {
        return client.send(HttpWire.requestHead(method, path)).answer();
    }

    private String requests(String code, String method) {
        return "vertx_http_server_requests_total{code=\"" + code + "\",local=\"127.0.0.1:" + verticle.actualPort()
                + "\",method=\"" + method + "\"}";
    }

    @Test
    void serviceThatAnswersIsAlive() {
        HttpWire.Answer answer = request("GET", "/health/live");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\",\"checks\":[]}");
    }

    @Test
    void serviceIsReadyWhileItsRequiredChecksPass() {
        HttpWire.Answer answer = request("GET", "/health/ready");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"ok\",\"checks\":[{\"name\":\"model a\",\"ok\":true},"
                        + "{\"name\":\"model b\",\"ok\":false,\"problem\":\"is gone\"}]}");
    }

    @Test
    void failedCheckIsNamed() {
        problem = Optional.of("does not load");

        HttpWire.Answer answer = request("GET", "/health/ready");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
                .startsWith(
                        "{\"status\":\"failed\",\"checks\":[{\"name\":\"model a\",\"ok\":false,\"problem\":\"does not"
                                + " load\"}");
    }

    @Test
    void metricsAreInThePrometheusFormat() {
        request("GET", "/health/live");

        HttpWire.Answer answer = request("GET", "/metrics");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains(requests("200", "GET") + " 1.0", "jvm_memory_used_bytes")
                .contains("vertx_pool_")
                .doesNotContain("vertx_eventbus");
    }

    @Test
    void noClientMakesALabelGrow() {
        request("AAAA", "/secret-path?x=1");
        request("BBBB", "/other-path");

        String body = request("GET", "/metrics").body();

        assertThat(body).contains(requests("404", "OTHER") + " 2.0").doesNotContain("AAAA", "BBBB", "path", "remote");
    }

    @Test
    void everythingElseIsNotFound() {
        assertThat(request("GET", "/v1/models").status()).isEqualTo(404);
        assertThat(request("POST", "/v1/models").status()).isEqualTo(404);
    }

    @Test
    void headIsAnsweredAsGetWithoutTheBody() {
        for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
            HttpWire.Answer head =
                    client.send(HttpWire.requestHead("HEAD", path)).head();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers()).containsKey("content-type");
        }
        problem = Optional.of("does not load");
        assertThat(client.send(HttpWire.requestHead("HEAD", "/health/ready"))
                        .head()
                        .status())
                .isEqualTo(503);
        assertThat(request("GET", "/health/live").status()).isEqualTo(200);
    }

    @Test
    void otherMethodsAreNotAllowed() {
        for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
            HttpWire.Answer answer = request("POST", path);

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void longestIdleConnectionIsClosedOverTheLimitAndTheOthersAreAnswered() {
        assertThat(request("GET", "/health/live").status()).isEqualTo(200);
        List<HttpWire> silent = new ArrayList<>();
        for (int i = 0; i < MAX_CONNECTIONS - 1; i++) {
            silent.add(new HttpWire(verticle.actualPort()));
        }
        await().until(() -> accepted() == MAX_CONNECTIONS);
        assertThat(request("GET", "/health/live").status()).isEqualTo(200);

        HttpWire newest = new HttpWire(verticle.actualPort());
        await().until(() -> accepted() == MAX_CONNECTIONS + 1);

        assertThat(silent.get(0).isClosedByPeer()).isTrue();
        assertThat(newest.get("/health/live").answer().status()).isEqualTo(200);
        assertThat(request("GET", "/metrics").body())
                .contains("runnel_connections_limited_total{limit=\"management\"} 1.0");
        assertThat(silent.get(1).get("/health/live").answer().status()).isEqualTo(200);
        silent.forEach(HttpWire::close);
        newest.close();
    }

    /** How many connections the port has seen: those that are open, and those that it closed over the limit. */
    private double accepted() {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("vertx_http_server_active_connections{")
                        || line.startsWith("runnel_connections_limited_total{limit=\"management\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
