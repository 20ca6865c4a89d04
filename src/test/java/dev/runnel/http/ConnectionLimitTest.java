package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.HttpConfig;
import dev.runnel.config.TestConfig;
import dev.runnel.sse.HttpWire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits of connections over sockets; the connections are spread over two verticle instances. */
class ConnectionLimitTest {

    private static final int INSTANCES = 2;

    private final List<AutoCloseable> open = new ArrayList<>();

    private TestService service;

    private void start(String limits) throws Exception {
        HttpConfig http = TestConfig.of("http: { port: 0, " + limits + " }").http();
        service = TestService.start(http, INSTANCES);
        open.add(0, service);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A connection that the service has counted. */
    private HttpWire connect() {
        double before = accepted();
        HttpWire wire = new HttpWire(service.port());
        open.add(0, wire);
        await().until(() -> accepted() > before);
        return wire;
    }

    /** How many connections the service has seen: those that are open, and those that it closed over a limit. */
    private double accepted() {
        return service.connections() + limited("total") + limited("address") + limited("without_key");
    }

    private double limited(String limit) {
        return service.metric("runnel_connections_limited_total{limit=\"" + limit + "\"}");
    }

    private int status(HttpWire wire, String key) {
        return wire.get("/v1/models", HttpWire.bearer(key)).answer().status();
    }

    private void assertAnswered(HttpWire wire) {
        assertThat(status(wire, service.key())).isEqualTo(200);
    }

    @Test
    void longestIdleConnectionIsClosedAndTheOthersAreAnswered() throws Exception {
        start("connections: 3, connectionsWithoutKey: 3");
        HttpWire keyed = connect();
        assertAnswered(keyed);
        HttpWire refused = connect();
        HttpWire silent = connect();
        assertThat(status(refused, "wrong")).isEqualTo(401);

        HttpWire newest = connect();

        assertThat(silent.isClosedByPeer()).isTrue();
        assertThat(limited("total")).isEqualTo(1);
        for (HttpWire wire : List.of(keyed, refused, newest)) {
            assertAnswered(wire);
        }
    }

    @Test
    void newestConnectionIsClosedIfEachOtherOneHasAKey() throws Exception {
        start("connections: 2, connectionsWithoutKey: 2");
        HttpWire one = connect();
        HttpWire two = connect();
        assertAnswered(one);
        assertAnswered(two);

        HttpWire newest = connect();

        assertThat(newest.isClosedByPeer()).isTrue();
        assertAnswered(one);
        assertAnswered(two);
    }

    /** Its plan may be added any moment: the key itself is valid. */
    @Test
    void connectionWhoseKeyHasAnUnknownPlanHasAKey() throws Exception {
        start("connections: 2, connectionsWithoutKey: 2");
        HttpWire stray = connect();
        String key = service.issue("gold").token();
        assertThat(status(stray, key)).isEqualTo(403);
        HttpWire silent = connect();

        HttpWire newest = connect();

        assertThat(silent.isClosedByPeer()).isTrue();
        assertThat(status(stray, key)).isEqualTo(403);
        assertAnswered(newest);
    }

    @Test
    void idleConnectionsWithoutKeyDoNotKeepClientsOut() throws Exception {
        start("connections: 100, connectionsWithoutKey: 3");
        for (int i = 0; i < 20; i++) {
            connect();
        }

        for (int i = 0; i < 5; i++) {
            assertAnswered(connect());
        }
        assertThat(service.connections()).isEqualTo(3 - 1 + 5);
        assertThat(limited("without_key")).isEqualTo(18);
    }

    @Test
    void oneAddressMayOpenSoManyUnlessItIsATrustedProxy() throws Exception {
        start("connectionsPerAddress: 2");
        HttpWire first = connect();
        connect();
        connect();

        assertThat(first.isClosedByPeer()).isTrue();
        assertThat(limited("address")).isEqualTo(1);
        close();
        open.clear();

        start("connectionsPerAddress: 2, trustedProxies: [ 127.0.0.0/8 ]");
        for (HttpWire wire : List.of(connect(), connect(), connect(), connect())) {
            assertAnswered(wire);
        }
    }

    @Test
    void closedConnectionsLeaveRoom() throws Exception {
        start("connections: 2, connectionsWithoutKey: 2");
        for (int i = 0; i < 5; i++) {
            HttpWire wire = connect();
            assertAnswered(wire);
            wire.close();
            await().until(() -> service.connections() == 0);
        }

        assertThat(limited("total")).isZero();
    }

    @Test
    void managementPortIsNotLimited() throws Exception {
        String model = "models: [ { name: story, engine: scripted } ]\ndefaultModel: story\n";
        try (RealService real = RealService.start(", connections: 1, connectionsPerAddress: 1", model);
                HttpWire idle = real.connect()) {
            assertThat(real.metrics()).contains("runnel_connections_limited_total{limit=\"total\"} 0.0");
            assertThat(idle.post("/v1/generate", real.key(), "{}").answer().status())
                    .isEqualTo(400);
            assertThat(real.metrics()).contains("runnel_connections_limited_total{limit=\"total\"} 0.0");
        }
    }
}
