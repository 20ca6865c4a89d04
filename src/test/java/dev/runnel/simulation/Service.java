package dev.runnel.simulation;

import dev.runnel.WiredLanes;
import dev.runnel.auth.AuthSettings;
import dev.runnel.auth.FixedKeys;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.config.LogConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.TracingConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.scripted.ScriptedProvider;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.Models;
import dev.runnel.generator.QueueProbe;
import dev.runnel.http.AccessControl;
import dev.runnel.http.HttpSetup;
import dev.runnel.http.Settlements;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.ConnectionAccount;
import dev.runnel.http.connection.ConnectionLimits;
import dev.runnel.limit.LimitDecision;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.LimitMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rooms of one process, wired as the service wires them. */
final class Service {

    private static final LogConfig NO_LOG = new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO, false, false);

    private final World world;
    private final Situation situation;
    private final Vertx vertx;
    private final Models models;
    private final QueueProbe queue;
    private final BusFaults bus;
    private final Permits permits;
    private final MeterRegistry registry = new CompositeMeterRegistry();
    private final GenerationMeters generationMeters;
    private final RandomGenerator names;
    private final HeldBytes memory;
    private final KeptRules kept;
    private final WiredLanes lanes = new WiredLanes();

    /** In place of the lanes with HTTP. */
    private final List<BusLane> busLanes = new ArrayList<>();

    /** Only HTTP has keys. */
    private @Nullable Keyring keyring;

    private boolean drainStarted;
    private boolean drained;

    Service(World world, Situation situation) {
        this.world = world;
        this.situation = situation;
        // No rule looks at a meter, and each seed would register all of them.
        registry.config().meterFilter(MeterFilter.deny());
        this.generationMeters = new GenerationMeters(registry, new KeyMeters(registry));
        this.names = new Random(world.choices().at("names").random().nextLong());
        this.vertx = SimulatedVertx.of(world);
        this.permits = new Permits(world);
        this.bus = new BusFaults(world, vertx.eventBus());
        RunnelConfig config = situation.config();
        this.models = new Models(vertx, config, engines(), generationMeters, world.clock()::nanoTime, world.clock());
        this.memory = new HeldBytes(
                new MemoryBounds(situation.heldBytes(), situation.heldBytes()),
                new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
        this.kept = new KeptRules(world, situation, registry);
        this.queue = new QueueProbe(models, Situation.PLAYED);
    }

    private Map<String, Engine> engines() {
        var environment = new EngineEnvironment(vertx, Path.of("unused"), EngineListener.SILENT);
        Map<String, Engine> engines =
                new HashMap<>(new ScriptedProvider().create(List.of(situation.scripted()), environment));
        engines.put(Situation.PLAYED, new SimulatedEngine(world, situation.sequences(), situation.preparesAtOnce()));
        return engines;
    }

    /** Starts; the simulation runs the loops until it is complete. */
    void start(boolean withHttp) {
        vertx.exceptionHandler(failure -> world.rules().fail("an exception: " + failure));
        MessageCodecs.register(vertx.eventBus());
        bus.install();
        vertx.getOrCreateContext()
                .runOnContext(
                        turn -> vertx.eventBus().<Ended>consumer(Addresses.ENDED, message -> ended(message.body())));
        models.open();
        (withHttp ? deployLanes() : deployBusLanes())
                .onFailure(failure -> world.rules().fail("not started: " + failure));
    }

    private Future<?> deployLanes() {
        return situation.apart()
                ? lanes.deployApart(vertx, situation.lanes(), generators(), http())
                : lanes.deploy(vertx, situation.lanes(), generators(), http());
    }

    private Future<?> deployBusLanes() {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < situation.lanes(); i++) {
            boolean hasGenerator = i == 0 || !situation.apart();
            BusLane lane = new BusLane(hasGenerator ? Optional.of(generators()) : Optional.empty(), names);
            busLanes.add(lane);
            started.add(vertx.deployVerticle(lane));
        }
        return Future.join(started);
    }

    private void ended(Ended ended) {
        world.rules().ended(ended.generationId());
        if (busLanes.isEmpty()) {
            permits.ended(ended);
        }
    }

    private GeneratorSetup generators() {
        return new GeneratorSetup(
                models,
                situation.generation(),
                situation.config().bus(),
                generationMeters,
                NO_LOG,
                Tracing.of(TracingConfig.OFF),
                names);
    }

    private HttpSetup http() {
        StreamMeters streams = new StreamMeters(registry);
        return new HttpSetup(
                situation.http(),
                situation.generation(),
                situation.resume(),
                kept.kept(),
                models::states,
                access(),
                streams,
                new RequestMeters(registry),
                new Compressors(situation.http().compressedStreams(), streams),
                new ConnectionAccount(
                        ConnectionLimits.ofProcess(situation.http().connections()), new ConnectionMeters(registry)),
                new AcceptedConnections(),
                memory,
                models::isDraining,
                Optional.empty(),
                NO_LOG,
                Tracing.of(TracingConfig.OFF),
                names,
                world.clock());
    }

    private AccessControl access() {
        Keyring opened = Keyring.withoutRegistry(
                        vertx,
                        AuthSettings.local(),
                        AuthSettings.local().secret().orElseThrow(),
                        world.clock())
                .result();
        keyring = opened;
        var meters = new LimitMeters(registry, new KeyMeters(registry), EnumSet.allOf(LimitDecision.Reason.class));
        return new AccessControl(
                opened::authenticator,
                opened.revocations(),
                new Plans(Situation.plans()),
                permits.limiter(),
                meters,
                new Settlements(meters));
    }

    long nowNanos() {
        return world.clock().nanoTime();
    }

    /** The HTTP client of the keys would keep a Vert.x that is closed. */
    Future<?> close() {
        if (keyring != null) {
            keyring.close();
        }
        registry.close();
        return vertx.close();
    }

    Vertx vertx() {
        return vertx;
    }

    Situation situation() {
        return situation;
    }

    Permits permits() {
        return permits;
    }

    BusFaults bus() {
        return bus;
    }

    void revoke(String keyId) {
        world.steps().add("operator", "revokes " + keyId);
        if (!world.plant().hits(Plant.Bug.IGNORED_REVOCATION) && keyring != null) {
            FixedKeys.revoke(keyring.revocations(), keyId);
        }
    }

    void drain() {
        drainStarted = true;
        world.steps().add("operator", "drains");
        models.drain();
        (busLanes.isEmpty() ? lanes.drain(Situation.DRAIN) : drainBusLanes()).onComplete(done -> {
            drained = true;
            world.steps().add("operator", "has drained");
            world.rules().check(done.succeeded(), () -> "the drain failed: %s".formatted(done.cause()));
        });
    }

    /** As a drain with HTTP does: what runs may go on for a while, and is cut then. */
    private Future<?> drainBusLanes() {
        Future<?> ended = Future.join(busLanes.stream().map(BusLane::drain).toList());
        vertx.setTimer(Situation.DRAIN.toMillis(), passed -> busLanes.forEach(BusLane::cut));
        return ended;
    }

    List<BusLane> busLanes() {
        return busLanes;
    }

    boolean isDraining() {
        return drainStarted;
    }

    /** Whether nothing waits or runs, except what an engine does not end. */
    boolean isQuiet() {
        return permits.open() == 0 && queue.waiting() == 0 && drained == drainStarted;
    }

    void checkBounds() {
        int waiting = queue.waiting();
        int running = queue.running();
        world.rules()
                .check(
                        waiting <= situation.queue(),
                        () -> "%d wait in a queue of %d".formatted(waiting, situation.queue()));
        world.rules()
                .check(
                        running <= situation.sequences(),
                        () -> "%d run of %d".formatted(running, situation.sequences()));
        kept.checkBounds();
    }

    private long held() {
        return EnumSet.allOf(HeldBytes.Kind.class).stream()
                .mapToLong(memory::held)
                .sum();
    }

    /** When no work is ready: each place to run is that of an engine's run. */
    void checkPlaces() {
        long runs = world.reference().unended();
        world.rules()
                .check(
                        queue.running() == runs,
                        () -> "%d places are taken, %d engines run".formatted(queue.running(), runs));
        long held = held();
        long most = situation.heldBytes();
        world.rules().check(held <= most, () -> "%d bytes are held, %d are the bound".formatted(held, most));
    }

    void checkEnd() {
        permits.checkAll(bus.wereMessagesLost());
        world.rules().check(queue.waiting() == 0, () -> "%d wait at the end".formatted(queue.waiting()));
        world.rules().check(held() == 0, () -> "%d bytes are held at the end".formatted(held()));
        kept.checkEnd();
        checkPlaces();
    }
}
