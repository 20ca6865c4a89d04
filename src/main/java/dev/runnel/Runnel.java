package dev.runnel;

import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.cluster.Cluster;
import dev.runnel.cluster.NodeFacts;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.Secret;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.generator.Engines;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.generator.KeptRuns;
import dev.runnel.generator.Models;
import dev.runnel.http.AccessControl;
import dev.runnel.http.HttpSetup;
import dev.runnel.http.HttpVerticle;
import dev.runnel.http.Settlements;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.ConnectionAccount;
import dev.runnel.http.connection.ConnectionLimits;
import dev.runnel.http.connection.Tls;
import dev.runnel.http.management.ManagementVerticle;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.limit.MeteredLimiter;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.ModelState;
import dev.runnel.metric.ClusterMeters;
import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.CopyMeters;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.LimitMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.Metrics;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.metric.TraceMeters;
import dev.runnel.metric.UpstreamMeters;
import dev.runnel.resume.GenerationDirectory;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service. {@link #start} wires and starts it, {@link #close} ends it. */
public final class Runnel {

    private static final Logger LOG = LoggerFactory.getLogger(Runnel.class);
    static final Duration LOOP_ANSWERS = Duration.ofSeconds(2);

    private final Foundation foundation;
    private final Vertx vertx;
    private final Metrics metrics;
    private final Keyring keyring;
    private final KeyMeters keyMeters;
    private final HeldBytes memory;
    private final GenerationMeters meters;
    private final Models models;
    private final Duration drainTime;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Promise<Void> closed = Promise.promise();

    private final RunningWarmUp warmUp;
    private volatile Ports ports = new Ports(0, 0);
    private volatile Future<Void> opened = Future.succeededFuture();
    private @Nullable Future<Drain.Outcome> drained;
    private boolean closing;

    /**
     * What outlives every verticle.
     *
     * @param cluster the node that it is of; empty for a single node
     */
    private record Foundation(
            Vertx vertx, Metrics metrics, Tracing tracing, AcceptedConnections accepted, Optional<Cluster> cluster) {

        void close() {
            metrics.close();
            tracing.close();
        }
    }

    private Runnel(
            Foundation foundation, Keyring keyring, RunnelConfig config, EngineListener listener, WarmUpTask warmUp) {
        this.foundation = foundation;
        this.vertx = foundation.vertx();
        this.metrics = foundation.metrics();
        this.keyring = keyring;
        this.keyMeters = new KeyMeters(metrics.registry());
        this.meters = new GenerationMeters(metrics.registry(), keyMeters);
        this.memory = new HeldBytes(
                MemoryBounds.of(config), new MemoryMeters(metrics.registry(), EnumSet.allOf(HeldBytes.Bound.class)));
        this.drainTime = config.http().drain();
        var upstreams = new UpstreamMeters(metrics.registry(), EnumSet.allOf(UpstreamOutcome.class));
        var environment = new EngineEnvironment(
                vertx,
                config.dataDirectory(),
                config.llama(),
                new MeteredListener(listener, upstreams),
                model -> UpstreamMemory.of(memory, model));
        var engines = Engines.onClassPath().create(config.models(), environment);
        this.models = new Models(vertx, config, engines, meters, System::nanoTime, InstantSource.system());
        this.warmUp = new RunningWarmUp(warmUp, metrics.registry());
    }

    /**
     * Starts the service. Models open after it has started; {@link #opened} completes then.
     *
     * @param listener receives the progress of model fetches
     * @return completes when both ports listen. It fails if a port is not free or keys cannot be verified safely;
     *     everything is closed again then.
     */
    public static Future<Runnel> start(RunnelConfig config, EngineListener listener) {
        return start(config, listener, WarmUpTask.NONE, new Metrics());
    }

    /**
     * As {@link #start(RunnelConfig, EngineListener)}, with a warm-up and the caller's metrics, which are closed with
     * the service.
     */
    public static Future<Runnel> start(
            RunnelConfig config, EngineListener listener, WarmUpTask warmUp, Metrics metrics) {
        return start(
                config,
                listener,
                warmUp,
                metrics,
                vertx -> Keyring.open(vertx, config.auth(), config.dataDirectory(), InstantSource.system()));
    }

    /**
     * Starts a second service, for the warm-up of the first. Its keys are signed with this secret and are in no
     * registry.
     */
    public static Future<Runnel> startForWarmUp(RunnelConfig config, Secret secret) {
        return start(
                config,
                EngineListener.SILENT,
                WarmUpTask.NONE,
                new Metrics(),
                vertx -> Keyring.withoutRegistry(vertx, config.auth(), secret, InstantSource.system()));
    }

    private static Future<Runnel> start(
            RunnelConfig config,
            EngineListener listener,
            WarmUpTask warmUp,
            Metrics metrics,
            Function<Vertx, Future<Keyring>> keys) {
        metrics.showBuild(Version.number(), Runtime.version().toString());
        return foundation(config, metrics).compose(foundation -> start(foundation, config, listener, warmUp, keys));
    }

    private static Future<Runnel> start(
            Foundation foundation,
            RunnelConfig config,
            EngineListener listener,
            WarmUpTask warmUp,
            Function<Vertx, Future<Keyring>> keys) {
        // Without a context: if the start fails, all contexts are closed before this promise fails.
        Promise<Runnel> started = Promise.promise();
        Future.succeededFuture(foundation.vertx())
                .compose(keys)
                .map(keyring -> new Runnel(foundation, keyring, config, listener, warmUp))
                .onFailure(failure -> foundation
                        .vertx()
                        .close()
                        .onComplete(done -> foundation.close())
                        .onComplete(done -> started.fail(failure)))
                .onSuccess(runnel -> runnel.deploy(config)
                        .onSuccess(deployed -> started.complete(runnel))
                        .onFailure(failure -> runnel.close().onComplete(done -> started.fail(failure))));
        return started.future();
    }

    private static Future<Foundation> foundation(RunnelConfig config, Metrics metrics) {
        Tracing tracing = tracing(config, metrics);
        AcceptedConnections accepted = new AcceptedConnections();
        UnaryOperator<VertxBuilder> further =
                builder -> accepted.into(tracing.into(builder.withMetrics(metrics.vertxMetrics())));
        VertxOptions options = FilelessVertx.options()
                // One more for the management port: a scrape delays no event, and a probe gets an answer while a lane
                // is stuck.
                .setEventLoopPoolSize(lanes() + 1)
                .setMetricsOptions(metrics.vertxOptions());
        if (config.cluster().isEmpty()) {
            Vertx vertx = further.apply(Vertx.builder().with(options)).build();
            return Future.succeededFuture(new Foundation(vertx, metrics, tracing, accepted, Optional.empty()));
        }
        // Two more: for the heartbeats, and for the connections to other nodes.
        options.setEventLoopPoolSize(lanes() + 3);
        return Cluster.start(config.cluster().get(), options, further)
                .map(cluster -> new Foundation(cluster.vertx(), metrics, tracing, accepted, Optional.of(cluster)))
                .onFailure(failure -> {
                    metrics.close();
                    tracing.close();
                });
    }

    private static Tracing tracing(RunnelConfig config, Metrics metrics) {
        Tracing tracing = Tracing.of(config.tracing());
        var meters = new TraceMeters(metrics.registry());
        meters.queue(tracing::waitingSpans, Tracing.MAX_WAITING);
        meters.outcomes(tracing, Tracing::sentSpans, Tracing::failedSpans, Tracing::droppedSpans);
        return tracing;
    }

    private static int lanes() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    private Future<?> deploy(RunnelConfig config) {
        PlaintextWarning.warning(config).ifPresent(LOG::warn);
        ClusterHostWarning.warning(config).ifPresent(LOG::warn);
        return joinCluster(config).compose(joined -> listen(config));
    }

    /** Before the service's own verticles, so that they know the other nodes. */
    private Future<Void> joinCluster(RunnelConfig config) {
        return foundation
                .cluster()
                .map(cluster -> cluster.join(new NodeFacts(
                        keyring.secretFingerprint(),
                        this::generators,
                        models::places,
                        keyring.revocations(),
                        config.auth().maxLifetime(),
                        new ClusterMeters(metrics.registry()))))
                .orElseGet(Future::succeededFuture);
    }

    /** The addresses of the generators, while they accept generations. */
    private List<String> generators() {
        return models.isDraining()
                ? List.of()
                : lanes.values().stream().map(Lane::generator).toList();
    }

    private Future<?> listen(RunnelConfig config) {
        return Tls.open(vertx, "http.tls", config.http().tls())
                .compose(http -> Tls.open(
                                vertx, "management.tls", config.management().tls())
                        .compose(management -> deploy(config, http, management)))
                .onSuccess(deployed -> opened = Future.join(
                                models.open(),
                                warmUp.start(models::hasRunning),
                                foundation.cluster().map(Cluster::ready).orElseGet(Future::succeededFuture))
                        .mapEmpty());
    }

    private Future<?> deploy(RunnelConfig config, Optional<Tls> httpTls, Optional<Tls> managementTls) {
        var setup = httpSetup(config, httpTls);
        var loops = new EventLoops(LOOP_ANSWERS);
        Optional<Supplier<Optional<String>>> member = foundation.cluster().map(cluster -> cluster::problem);
        var health =
                new Health(models, warmUp::problem, loops, config.generation().queueWait(), member);
        var management = new ManagementVerticle(new ManagementVerticle.Setup(
                config.management(), metrics, health::live, health::ready, foundation.accepted(), managementTls));
        var generators = new GeneratorSetup(
                models, config.generation(), config.bus(), meters, config.log(), foundation.tracing(), kept(config));
        List<Lane> planned = IntStream.rangeClosed(1, lanes())
                .mapToObj(number -> new Lane(
                        new GeneratorVerticle(generators),
                        new HttpVerticle(setup),
                        context -> loops.add("lane " + number, context)))
                .toList();
        List<Future<?>> started = new ArrayList<>();
        for (Lane lane : planned) {
            started.add(vertx.deployVerticle(lane).onSuccess(deployed -> lanes.put(deployed, lane)));
        }
        started.add(vertx.deployVerticle(management));
        return Future.join(started)
                .onSuccess(all -> ports = new Ports(
                        planned.get(0).port(),
                        management.actualPort(),
                        foundation.cluster().map(Cluster::port).orElse(0)));
    }

    /** What generators keep for clients of other nodes. */
    private Optional<KeptRuns> kept(RunnelConfig config) {
        return foundation
                .cluster()
                .map(Cluster::directory)
                .map(directory ->
                        new KeptRuns(config.resume(), memory, new CopyMeters(metrics.registry()), directory::forget));
    }

    private HttpSetup httpSetup(RunnelConfig config, Optional<Tls> tls) {
        var streams = new StreamMeters(metrics.registry());
        return new HttpSetup(
                config.http(),
                config.generation(),
                config.resume(),
                new KeptGenerations(
                        config.resume(),
                        new ResumeMeters(metrics.registry()),
                        System::nanoTime,
                        foundation.cluster().map(Cluster::directory).orElse(GenerationDirectory.NONE)),
                models::states,
                access(config),
                streams,
                new RequestMeters(metrics.registry()),
                new Compressors(config.http().compressedStreams(), streams),
                new ConnectionAccount(
                        ConnectionLimits.ofProcess(config.http().connections()),
                        new ConnectionMeters(metrics.registry())),
                foundation.accepted(),
                memory,
                models::isDraining,
                tls,
                config.log(),
                foundation.tracing(),
                new SecureRandom(),
                InstantSource.system());
    }

    private AccessControl access(RunnelConfig config) {
        MeteredLimiter limiter =
                foundation.cluster().map(Cluster::limiter).orElseGet(() -> new LocalLimiter(System::nanoTime));
        var limitMeters = new LimitMeters(metrics.registry(), keyMeters, EnumSet.allOf(LimitDecision.Reason.class));
        limitMeters.show(limiter::keys, limiter::running);
        return new AccessControl(
                keyring::authenticator,
                keyring.revocations(),
                new Plans(config.plans()),
                limiter,
                limitMeters,
                new Settlements(limitMeters));
    }

    /** The bound ports. */
    public Ports ports() {
        return ports;
    }

    /** Makes keys that this service accepts. */
    public KeyIssuer keys() {
        return keyring.issuer();
    }

    /** The Vert.x instance, for verticles that use the bus. */
    public Vertx vertx() {
        return vertx;
    }

    /**
     * Completes when every model works or has failed and the service is warm. The value is the problem of the default
     * model; empty if it works.
     */
    public Future<Optional<String>> opened() {
        return opened.map(done -> models.states().stream()
                .filter(ModelState::isDefault)
                .findFirst()
                .map(ModelState::problem));
    }

    /** The names of the models that are still being opened. */
    public List<String> opening() {
        return models.opening();
    }

    /** Whether a request for the default model is accepted, which may be before {@link #opened} completes. */
    public boolean servesDefaultModel() {
        return clusterProblem().isEmpty()
                && models.states().stream().anyMatch(model -> model.isDefault() && model.available());
    }

    /** Why this node of a cluster accepts no generations; empty if it does, and without a cluster. */
    public Optional<String> clusterProblem() {
        return foundation.cluster().flatMap(Cluster::problem);
    }

    /** Whether {@link #opened} has completed. */
    public boolean hasOpened() {
        return opened.isComplete();
    }

    /**
     * Refuses new generations and lets running ones continue for up to {@code http.drain}; then cuts the rest. Both
     * ports listen until {@link #close}: new requests are refused as draining, and the readiness probe fails.
     */
    public Future<Drain.Outcome> drain() {
        return drain(drainTime);
    }

    private synchronized Future<Drain.Outcome> drain(Duration limit) {
        Future<Drain.Outcome> before = drained;
        if (before != null) {
            return before;
        }
        models.drain();
        warmUp.stop();
        Future<Drain.Outcome> started = new Drain(List.copyOf(lanes.values())).run(limit);
        drained = started;
        return started;
    }

    /**
     * Refuses new generations, ends running ones and frees everything. If a drain has started, waits for its end, else
     * ends them immediately. Idempotent.
     */
    public synchronized Future<Void> close() {
        if (!closing) {
            closing = true;
            Future<Void> warmUpEnded = warmUp.stop();
            drain(Duration.ZERO)
                    .transform(done -> Future.join(
                            lanes.keySet().stream().map(vertx::undeploy).toList()))
                    .transform(undeployed -> keyring.close())
                    .transform(done -> models.close())
                    .transform(done -> warmUpEnded)
                    // Closes the management port, which is the last one.
                    .transform(done -> vertx.close())
                    .onComplete(done -> foundation.close())
                    .onComplete(closed);
        }
        return closed.future();
    }

    /** Completes when {@link #close} has completed. */
    public Future<Void> closed() {
        return closed.future();
    }
}
