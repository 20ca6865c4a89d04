package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that connect to a port with TLS and send nothing have the limits of connections too. */
class HandshakeLimitTest {

    private static final MadeCertificate CERTIFICATE = MadeCertificate.of("limited", "EC");
    private static final String MODEL = "models: [ { name: story, engine: scripted } ]\ndefaultModel: story\n";

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private RealService service;

    private void start(String limits) throws Exception {
        String certificate = Files.writeString(folder.resolve("certificate.pem"), CERTIFICATE.certificatePem())
                .toString();
        String key = Files.writeString(folder.resolve("key.pem"), CERTIFICATE.keyPem())
                .toString();
        String tls = ", tls: { certificateFile: \"" + certificate + "\", keyFile: \"" + key + "\" }";
        service = RealService.start(tls + ", " + limits, MODEL);
        open.add(0, service);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A connection without a handshake. */
    private HttpWire silent() {
        HttpWire wire = new HttpWire(service.port());
        open.add(0, wire);
        return wire;
    }

    private HttpWire secure() {
        HttpWire wire = new HttpWire(service.port(), CERTIFICATE.trusting());
        open.add(0, wire);
        return wire;
    }

    private int status(HttpWire wire) {
        return wire.get("/v1/models", HttpWire.bearer(service.key())).answer().status();
    }

    private void awaitLimited(String limit, int count) {
        String line = "runnel_connections_limited_total{limit=\"" + limit + "\"} " + count + ".0";
        await().until(() -> service.metrics().lines().anyMatch(line::equals));
    }

    /** Which of two silent clients is counted first is not certain. */
    @Test
    void silentOnesAreClosedForAClientWithAKey() throws Exception {
        start("connections: 2, connectionsWithoutKey: 2");
        HttpWire keyed = secure();
        assertThat(status(keyed)).isEqualTo(200);
        List<HttpWire> silent = List.of(silent(), silent());
        awaitLimited("total", 1);

        HttpWire newest = secure();

        assertThat(List.of(status(newest), status(keyed))).containsOnly(200);
        assertThat(silent).allMatch(HttpWire::isClosedByPeer);
        awaitLimited("total", 2);
    }

    @Test
    void newestOneIsClosedIfEachOtherOneHasAKey() throws Exception {
        start("connections: 2, connectionsWithoutKey: 2");
        HttpWire one = secure();
        HttpWire two = secure();
        assertThat(List.of(status(one), status(two))).containsOnly(200);

        HttpWire newest = silent();

        awaitLimited("total", 1);
        assertThat(newest.isClosedByPeer()).isTrue();
        assertThat(List.of(status(one), status(two))).containsOnly(200);
    }

    @Test
    void clientWithAKeyIsServedWhileOthersAreSilent() throws Exception {
        start("connections: 100, connectionsWithoutKey: 3");
        for (int i = 0; i < 20; i++) {
            silent();
        }
        awaitLimited("without_key", 17);

        assertThat(status(secure())).isEqualTo(200);
    }

    @Test
    void silentOnesCountForTheirAddress() throws Exception {
        start("connectionsPerAddress: 2");
        for (int i = 0; i < 3; i++) {
            silent();
        }

        awaitLimited("address", 1);
    }
}
