package dev.runnel.http.management;

import static org.awaitility.Awaitility.await;

import dev.runnel.config.ManagementConfig;
import dev.runnel.config.TlsConfig;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.connection.Tls;
import dev.runnel.metric.Metrics;
import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that connect to a management port with TLS and send nothing have its limit too. */
class ManagementHandshakeTest {

    private static final MadeCertificate CERTIFICATE = MadeCertificate.of("managed", "EC");
    private static final int MAX_CONNECTIONS = 32;

    @TempDir
    private Path folder;

    @AutoClose
    private final Metrics metrics = new Metrics();

    private final AcceptedConnections accepted = new AcceptedConnections();
    /** Its own: it is made with what counts its connections. */
    private final Vertx vertx = accepted.into(Vertx.builder()).build();

    private final List<HttpWire> silent = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        silent.forEach(HttpWire::close);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private int deploy() throws Exception {
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), CERTIFICATE.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), CERTIFICATE.keyPem());
        Optional<TlsConfig> config = Optional.of(new TlsConfig(certificate, key, Duration.ofSeconds(10)));
        Optional<Tls> tls = Tls.open(vertx, "management.tls", config).await(10, TimeUnit.SECONDS);
        ManagementVerticle verticle = new ManagementVerticle(new ManagementVerticle.Setup(
                new ManagementConfig("127.0.0.1", 0, config),
                metrics,
                () -> Future.succeededFuture(List.of()),
                List::of,
                accepted,
                tls));
        vertx.deployVerticle(verticle).await(10, TimeUnit.SECONDS);
        return verticle.actualPort();
    }

    @Test
    void silentOnesAreClosedOverTheLimit() throws Exception {
        int port = deploy();

        for (int i = 0; i <= MAX_CONNECTIONS; i++) {
            silent.add(new HttpWire(port));
        }

        String line = "runnel_connections_limited_total{limit=\"management\"} 1.0";
        await().until(() -> metrics.scrape().lines().anyMatch(line::equals));
    }
}
