package dev.runnel;

import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.generator.Engines;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.generator.Models;
import dev.runnel.http.Access;
import dev.runnel.http.Compressors;
import dev.runnel.http.HttpSetup;
import dev.runnel.http.HttpVerticle;
import dev.runnel.http.ManagementVerticle;
import dev.runnel.limit.Admission;
import dev.runnel.limit.Limiter;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.message.ModelState;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.LimitMeters;
import dev.runnel.metric.Metrics;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.metric.UpstreamMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.trace.Tracing;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The running service: made by {@link #start}, which wires the rooms, and ended by {@link #close}. */
public final class Runnel {

    private final Ground ground;
    private final Vertx vertx;
    private final Metrics metrics;
    private final Keyring keyring;
    private final KeyMeters keyMeters;
    private final GenerationMeters meters;
    private final Models models;
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private final Promise<Void> closed = Promise.promise();

    private Ports ports = new Ports(0, 0);
    private final WarmUp warmUp;
    private Future<Void> opened = Future.succeededFuture();
    private boolean closing;

    /** What everything else stands on. */
    private record Ground(Vertx vertx, Metrics metrics, Tracing tracing) {

        void close() {
            metrics.close();
            tracing.close();
        }
    }

    private Runnel(Ground ground, Keyring keyring, RunnelConfig config, EngineListener listener) {
        this.ground = ground;
        this.vertx = ground.vertx();
        this.metrics = ground.metrics();
        this.keyring = keyring;
        this.keyMeters = new KeyMeters(metrics.registry());
        this.meters = new GenerationMeters(
                metrics.registry(), keyMeters, EnumSet.allOf(Outcome.class), EnumSet.allOf(FailureCode.class));
        var upstreams = new UpstreamMeters(metrics.registry(), EnumSet.allOf(UpstreamOutcome.class));
        var environment =
                new EngineEnvironment(vertx, config.dataDirectory(), new MeteredListener(listener, upstreams));
        var engines = Engines.onClassPath().create(config.models(), environment);
        this.models = new Models(vertx, config, engines, meters, System::nanoTime);
        this.warmUp = new WarmUp(config);
    }

    /**
     * Starts the service. Models open behind it: {@link #opened} tells.
     *
     * @param listener hears how models are fetched
     * @return completes once both ports listen; fails where one cannot, or keys could not be verified safely, with
     *     everything closed again
     */
    public static Future<Runnel> start(RunnelConfig config, EngineListener listener) {
        return start(config, listener, new Metrics());
    }

    /** As {@link #start(RunnelConfig, EngineListener)}, with metrics of the caller's, which are closed with the service. */
    public static Future<Runnel> start(RunnelConfig config, EngineListener listener, Metrics metrics) {
        metrics.showBuild(Version.number(), Runtime.version().toString());
        Ground ground = ground(config, metrics);
        return Keyring.open(ground.vertx(), config.auth(), config.dataDirectory(), InstantSource.system())
                .map(keyring -> new Runnel(ground, keyring, config, listener))
                .onFailure(failure -> ground.vertx().close().onComplete(done -> ground.close()))
                .compose(runnel -> runnel.deploy(config));
    }

    private static Ground ground(RunnelConfig config, Metrics metrics) {
        Tracing tracing = Tracing.of(config.tracing());
        VertxBuilder builder = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setEventLoopPoolSize(eventLoops())
                        .setMetricsOptions(metrics.vertxOptions())
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .withMetrics(metrics.vertxMetrics());
        return new Ground(tracing.into(builder).build(), metrics, tracing);
    }

    private static int eventLoops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    private Future<Runnel> deploy(RunnelConfig config) {
        var setup = httpSetup(config);
        var management =
                new ManagementVerticle(new Health(models::states, warmUp::isOver).setup(config.management(), metrics));
        var generators =
                new GeneratorSetup(models, config.generation(), config.bus(), meters, config.log(), ground.tracing());
        List<HttpVerticle> fronts = Stream.generate(() -> new HttpVerticle(setup))
                .limit(eventLoops())
                .toList();
        List<Future<?>> started = new ArrayList<>();
        for (HttpVerticle front : fronts) {
            started.add(deploy(new Lane(new GeneratorVerticle(generators), front)));
        }
        started.add(deploy(management));
        return Future.join(started)
                .onSuccess(all -> {
                    ports = new Ports(fronts.get(0).actualPort(), management.actualPort());
                    opened = Future.join(models.open(), warmUp.start()).mapEmpty();
                })
                .map(this)
                .recover(failure -> close().transform(done -> Future.failedFuture(failure)));
    }

    private HttpSetup httpSetup(RunnelConfig config) {
        var streams = new StreamMeters(metrics.registry());
        return new HttpSetup(
                config.http(),
                config.generation(),
                models::states,
                access(config),
                streams,
                new RequestMeters(metrics.registry()),
                new Compressors(config.http().compressedStreams(), streams),
                config.log(),
                ground.tracing());
    }

    private Access access(RunnelConfig config) {
        var limiter = new Limiter(System::nanoTime);
        var limitMeters = new LimitMeters(metrics.registry(), keyMeters, EnumSet.allOf(Admission.Reason.class));
        limitMeters.show(limiter::keys, limiter::running);
        return new Access(
                keyring::authenticator, keyring.revocations(), new Plans(config.plans()), limiter, limitMeters);
    }

    private Future<String> deploy(Deployable deployable) {
        return vertx.deployVerticle(deployable).onSuccess(deployments::add);
    }

    /** Where it listens. */
    public Ports ports() {
        return ports;
    }

    /** Makes keys that this service takes. */
    public KeyIssuer keys() {
        return keyring.issuer();
    }

    /** For verticles that want text, and for observers. */
    public Vertx vertx() {
        return vertx;
    }

    /**
     * Completes once every model works or has failed and the service is warm: with why the default model does not work, or
     * with nothing.
     */
    public Future<Optional<String>> opened() {
        return opened.map(done -> models.states().stream()
                .filter(ModelState::isDefault)
                .findFirst()
                .map(ModelState::problem));
    }

    /** Takes nothing new, ends what runs, and frees everything. Idempotent. */
    public synchronized Future<Void> close() {
        if (!closing) {
            closing = true;
            models.drain();
            Future<Void> cooled = warmUp.stop();
            Future.join(deployments.stream().map(vertx::undeploy).toList())
                    .transform(undeployed -> keyring.close())
                    .transform(done -> models.close())
                    .transform(done -> cooled)
                    .transform(done -> vertx.close())
                    .onComplete(done -> ground.close())
                    .onComplete(closed);
        }
        return closed.future();
    }

    /** Completes when {@link #close} is done. */
    public Future<Void> closed() {
        return closed.future();
    }
}
