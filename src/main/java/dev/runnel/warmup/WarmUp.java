package dev.runnel.warmup;

import dev.runnel.Runnel;
import dev.runnel.WarmUpTask;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.Allowance;
import dev.runnel.config.AuthConfig;
import dev.runnel.config.BusConfig;
import dev.runnel.config.HttpConfig;
import dev.runnel.config.LogConfig;
import dev.runnel.config.ManagementConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.ModelConfig.Template;
import dev.runnel.config.PlanConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.Secret;
import dev.runnel.config.TracingConfig;
import dev.runnel.config.WarmUpConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.text.Sampling;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM compile what requests go through, before the first of them comes. It starts a second service in this
 * process, with a bus, meters, limits and a secret of its own on a loopback port of its own, lets it relay a model that only
 * exists there, and drives it the way that clients do. What the real service shows, counts and announces knows nothing of it.
 */
public final class WarmUp implements WarmUpTask {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private static final String LOOPBACK = "127.0.0.1";
    private static final String NAME = "warm-up";
    private static final int SECRET_BYTES = 32;
    /** Never reached, and yet reckoned with, so that limits are warm too. */
    private static final Allowance ALLOWANCE = new Allowance(
            OptionalInt.of(Allowance.MAX_REQUESTS_PER_MINUTE),
            OptionalInt.of(Allowance.MAX_TOKENS_PER_MINUTE),
            OptionalInt.of(Allowance.MAX_CONCURRENT_GENERATIONS),
            OptionalInt.empty(),
            Optional.empty());

    private static final Duration KEY_LIFETIME = Duration.ofHours(1);

    private final RunnelConfig config;
    private final Promise<Void> stop = Promise.promise();
    private final Promise<Void> over = Promise.promise();
    private volatile boolean started;

    public WarmUp(RunnelConfig config) {
        this.config = config;
    }

    /**
     * Begins, on a thread of its own. Called once.
     *
     * @return completes when it is over. That it did not work is only logged: requests will be slower at first.
     */
    @Override
    public Future<Void> start() {
        started = true;
        if (config.warmUp().duration().isZero()) {
            over.complete();
        } else {
            new Thread(this::run, "runnel-warm-up").start();
        }
        return over.future();
    }

    /** Ends it early; completes when all that it opened is closed. Idempotent. */
    @Override
    public Future<Void> stop() {
        stop.tryComplete();
        return started ? over.future() : Future.succeededFuture();
    }

    private void run() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            drive(vertx);
        } catch (RuntimeException e) {
            LOG.warn("the warm-up failed: {}", e.toString());
        } finally {
            vertx.close().await();
            // What it leaves behind goes now: else the collector looks at all of the heap within the first minute.
            System.gc();
            over.complete();
        }
    }

    private void drive(Vertx vertx) {
        int upstream = WarmUpUpstream.listen(vertx).await();
        Runnel service = Runnel.start(imagined(upstream), EngineListener.SILENT).await();
        try {
            service.opened().await();
            String key = service.keys()
                    .issue(new KeyRequest(NAME, NAME, Scope.ALL, config.auth().lifetime(KEY_LIFETIME)))
                    .token();
            new WarmUpClient(vertx, service.ports(), key)
                    .run(config.warmUp().duration(), stop.future())
                    .await();
        } finally {
            service.close().await();
        }
    }

    private RunnelConfig imagined(int upstreamPort) {
        HttpConfig http = config.http();
        AuthConfig auth = config.auth();
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new RunnelConfig(
                Optional.empty(),
                config.dataDirectory(),
                new HttpConfig(
                        LOOPBACK,
                        0,
                        Optional.empty(),
                        http.maxBodyBytes(),
                        http.heartbeat(),
                        http.stall(),
                        Duration.ZERO,
                        http.sendBufferBytes(),
                        http.compressedStreams()),
                new ManagementConfig(LOOPBACK, 0, Optional.empty()),
                new AuthConfig(
                        Optional.of(new Secret(secret)), NAME, NAME, auth.leeway(), auth.maxLifetime(), List.of()),
                config.generation(),
                new BusConfig(config.bus().publishDeltas()),
                new LogConfig(config.log().format(), config.log().level(), false, false),
                TracingConfig.OFF,
                new WarmUpConfig(Duration.ZERO, config.warmUp().compiler()),
                NAME,
                List.of(model(upstreamPort)),
                List.of(new PlanConfig(NAME, ALLOWANCE)));
    }

    private static ModelConfig model(int upstreamPort) {
        Map<String, Object> upstream = Map.of("url", "http://" + LOOPBACK + ":" + upstreamPort + "/v1", "model", NAME);
        return new ModelConfig(
                NAME, "openai", Template.CHAT, null, Sampling.UNSET, Map.of("upstreams", List.of(upstream)));
    }
}
