package dev.runnel.warmup;

import dev.runnel.FilelessVertx;
import dev.runnel.Runnel;
import dev.runnel.WarmUpTask;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.AuthConfig;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.Secret;
import dev.runnel.config.tree.ConfigException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM compile the code of requests before the first request arrives. It starts a second service in this
 * process, with its own bus, meters, limits, secret and loopback port. That service relays a model that only exists
 * there, and a client sends requests to it. The metrics, logs and messages of the real service do not show the warm-up.
 */
public final class WarmUp implements WarmUpTask {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private static final String NAME = "warm-up";
    private static final Duration KEY_LIFETIME = Duration.ofHours(1);

    /** The limits are never reached; the plan has them so that their code is compiled too. */
    private static final String SERVICE = """
        http: { port: 0, drain: 0 }
        management: { port: 0 }
        auth: { issuer: warm-up, audience: warm-up }
        bus: { publishDeltas: %s }
        log: { generations: false }
        warmUp: { streams: 0 }
        defaultModel: warm-up
        models:
          - { name: warm-up, engine: openai, upstreams: [ { url: "http://127.0.0.1:%d/v1", model: warm-up } ] }
        plans:
          - { name: warm-up, requestsPerMinute: 1000000, tokensPerMinute: 100000000, concurrentGenerations: 100000 }
        """;

    private final RunnelConfig config;
    private final StreamCount streams;
    private final Promise<Void> stop = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean started;

    public WarmUp(RunnelConfig config) {
        this.config = config;
        this.streams = new StreamCount(config.warmUp().streams());
    }

    /**
     * Starts on its own thread. It ends with the configured number of streams, and after the configured time at the
     * latest. Called once.
     *
     * @param isBusy while it is true, the warm-up sends no requests; its time goes on
     * @return completes when the warm-up has ended. A failure is only logged: the first requests will be slower.
     */
    @Override
    public Future<Void> start(BooleanSupplier isBusy) {
        started = true;
        if (config.warmUp().isOn()) {
            new Thread(() -> run(isBusy), "runnel-warm-up").start();
        } else {
            ended.complete();
        }
        return ended.future();
    }

    @Override
    public Progress progress() {
        return new Progress(streams.ended(), config.warmUp().streams());
    }

    /** Ends the warm-up early; completes when everything that it opened is closed. Idempotent. */
    @Override
    public Future<Void> stop() {
        stop.tryComplete();
        return started ? ended.future() : Future.succeededFuture();
    }

    private void run(BooleanSupplier isBusy) {
        try {
            drive(isBusy);
        } catch (Exception e) {
            // Not only a RuntimeException: await also throws the checked exception of a failed future.
            LOG.warn("the warm-up failed: {}", e.toString());
        } finally {
            // Otherwise the service is never ready, and never closed.
            ended.complete();
        }
    }

    private void drive(BooleanSupplier isBusy) {
        Vertx vertx = Vertx.vertx(FilelessVertx.options().setEventLoopPoolSize(1));
        try {
            drive(vertx, isBusy);
        } finally {
            vertx.close().await();
            // Frees what the warm-up has left. Otherwise the first full collection comes within the first minute.
            System.gc();
        }
    }

    private void drive(Vertx vertx, BooleanSupplier isBusy) {
        int upstream = WarmUpUpstream.listen(vertx).await();
        byte[] secret = new byte[AuthConfig.MIN_SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        Runnel service = Runnel.startForWarmUp(warmUpConfig(upstream), new Secret(secret))
                .await();
        try {
            service.opened().await();
            String key = service.keys()
                    .issue(new KeyRequest(NAME, NAME, Scope.ALL, KEY_LIFETIME))
                    .token();
            new WarmUpClient(vertx, service.ports(), key, streams)
                    .run(config.warmUp().duration(), stop.future(), isBusy)
                    .await();
        } finally {
            service.close().await();
        }
    }

    /** A service that only exists for the warm-up: it relays the model of {@link WarmUpUpstream}. */
    private RunnelConfig warmUpConfig(int upstreamPort) {
        Map<String, String> environment =
                Map.of("RUNNEL_DATA", config.dataDirectory().toString());
        try {
            return new ConfigReader(Optional.of(config.dataDirectory()), environment, model -> List.of())
                    .readText(SERVICE.formatted(config.bus().publishDeltas(), upstreamPort));
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }
}
