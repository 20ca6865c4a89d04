package dev.runnel.http;

import dev.runnel.Runnel;
import dev.runnel.ServiceConfig;
import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyRegistry;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.sse.HttpWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The whole service in this process, with the scripted engine, on free ports. */
final class RealService implements AutoCloseable {

    private static final String HEAD = """
            http: { port: 0 %s }
            management: { port: 0 }
            log: { access: true }
            warmUp: { duration: 0s }
            """;

    private final Runnel runnel;
    private final Path data;
    private final String key;
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

    private RealService(Runnel runnel, Path data) {
        this.runnel = runnel;
        this.data = data;
        this.key = issue("unlimited", Duration.ofHours(1)).token();
    }

    static RealService start(String yaml) throws Exception {
        return start("", yaml);
    }

    /** @param http further settings of the service port, each after a comma */
    static RealService start(String http, String yaml) throws Exception {
        Path data = Files.createTempDirectory("runnel-test");
        RunnelConfig config = ServiceConfig.of(HEAD.formatted(http) + yaml, data);
        Runnel runnel = Runnel.start(config, EngineListener.SILENT).await(20, TimeUnit.SECONDS);
        Optional<String> problem = runnel.opened().await(20, TimeUnit.SECONDS);
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
        RealService service = new RealService(runnel, data);
        runnel.vertx()
                .eventBus()
                .<Ended>consumer(Addresses.ENDED, message -> service.ended.add(message.body()))
                .completion()
                .await(5, TimeUnit.SECONDS);
        return service;
    }

    HttpWire connect() {
        return new HttpWire(port());
    }

    int port() {
        return runnel.ports().http();
    }

    /** What the management port sends to Prometheus. */
    String metrics() {
        try (HttpWire wire = new HttpWire(runnel.ports().management())) {
            return wire.get("/metrics").answer().body();
        }
    }

    String key() {
        return key;
    }

    final IssuedKey issue(String plan, Duration lifetime) {
        return runnel.keys().issue(new KeyRequest("ada", plan, Scope.ALL, lifetime));
    }

    /** A key of another caller. */
    String keyOf(String subject) {
        return runnel.keys()
                .issue(new KeyRequest(subject, "unlimited", Scope.ALL, Duration.ofHours(1)))
                .token();
    }

    /** As the command line does it. */
    void revoke(String keyId) {
        new KeyRegistry(data, InstantSource.system()).revoke(keyId);
    }

    /** Where its secret is. */
    Path data() {
        return data;
    }

    /** Waits for the account of the next generation that ends. */
    Ended ended() throws InterruptedException {
        Ended next = ended.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no generation ended");
        }
        return next;
    }

    @Override
    public void close() throws TimeoutException {
        runnel.close().await(20, TimeUnit.SECONDS);
    }
}
