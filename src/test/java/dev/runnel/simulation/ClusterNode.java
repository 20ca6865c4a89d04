package dev.runnel.simulation;

import dev.runnel.WiredLanes;
import dev.runnel.auth.AuthSettings;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.auth.Revocations;
import dev.runnel.client.OtherNodes;
import dev.runnel.cluster.NodeFacts;
import dev.runnel.cluster.PlayedMember;
import dev.runnel.config.LogConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.TracingConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.scripted.ScriptedProvider;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.KeptRuns;
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
import dev.runnel.limit.LocalLimiter;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.ClusterMeters;
import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.CopyMeters;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.LimitMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeptProbe;
import dev.runnel.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The rooms of one node of a cluster, wired as the service wires them. Only the grid is played. */
final class ClusterNode {

    private static final LogConfig NO_LOG = new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO, false, false);
    private static final int MINIMUM_MEMBERS = 2;
    private static final int OTHERS = 2;
    private static final int CONTINUING = 4;

    private final String name;
    private final World world;
    private final NodeClock clock;
    private final Situation situation;
    private final SimulatedGrid grid;
    private final Vertx vertx;
    private final NodeBus bus;
    private final Models models;
    private final QueueProbe queue;
    private final MeterRegistry registry = new CompositeMeterRegistry();
    private final GenerationMeters generationMeters;
    private final RandomGenerator names;
    private final HeldBytes memory;
    private final PlayedMember member;
    private final SimulatedDirectory directory;
    private final KeptGenerations kept;
    private final LocalLimiter limiter;
    private final Keyring keyring;
    private final WiredLanes lanes = new WiredLanes();

    private boolean alive = true;
    private boolean runs = true;

    /**
     * Makes one that does not run yet.
     *
     * @param world of this process
     */
    ClusterNode(
            String name,
            World world,
            NodeClock clock,
            Situation situation,
            SimulatedGrid grid,
            ClusterNet net,
            ClusterRules rules) {
        this.name = name;
        this.world = world;
        this.clock = clock;
        this.situation = situation;
        this.grid = grid;
        registry.config().meterFilter(MeterFilter.deny());
        this.generationMeters = new GenerationMeters(registry, new KeyMeters(registry));
        this.names = new Random(world.choices().at("names").random().nextLong());
        this.vertx = SimulatedVertx.of(world);
        this.bus = new NodeBus(name, vertx, net, rules);
        RunnelConfig config = situation.config();
        this.models = new Models(vertx, config, engines(), generationMeters, clock::nanoTime, clock);
        this.queue = new QueueProbe(models, Situation.PLAYED);
        this.memory = new HeldBytes(
                new MemoryBounds(situation.heldBytes(), situation.heldBytes()),
                new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
        this.keyring = Keyring.withoutRegistry(
                        vertx,
                        AuthSettings.local(),
                        AuthSettings.local().secret().orElseThrow(),
                        clock)
                .result();
        net.add(bus);
        grid.join(name);
        this.member = member();
        this.directory = new SimulatedDirectory(name, vertx, grid, member::isWhole);
        this.kept = new KeptGenerations(situation.resume(), new ResumeMeters(registry), clock::nanoTime, directory);
        this.limiter = new LocalLimiter(clock::nanoTime);
    }

    private PlayedMember member() {
        OtherNodes nodes = OtherNodes.install(vertx, name, situation.apart(), CONTINUING, clock::nanoTime);
        var facts = new NodeFacts(
                "secret",
                () -> models.isDraining() ? List.of() : lanes.generators(),
                models::places,
                new Revocations(),
                Duration.ofDays(1),
                new ClusterMeters(registry));
        return new PlayedMember(vertx, grid.view(name), nodes, facts, OTHERS, MINIMUM_MEMBERS, clock::nanoTime);
    }

    private Map<String, Engine> engines() {
        var environment = new EngineEnvironment(vertx, Path.of("unused"), EngineListener.SILENT);
        Map<String, Engine> engines =
                new HashMap<>(new ScriptedProvider().create(List.of(situation.scripted()), environment));
        engines.put(Situation.PLAYED, new ContinuingEngine(world, name, situation.sequences()));
        return engines;
    }

    /** Starts; the simulation runs the loops until it is complete. */
    void start() {
        world.steps().add(name, "starts");
        vertx.exceptionHandler(failure -> world.rules().fail(name + ": an exception: " + failure));
        MessageCodecs.register(vertx.eventBus());
        bus.install();
        vertx.getOrCreateContext()
                .runOnContext(turn -> member.join()
                        .compose(joined -> lanes.deploy(vertx, situation.lanes(), generators(), http()))
                        .compose(deployed -> models.open())
                        .onSuccess(opened -> world.steps().add(name, "listens"))
                        .onFailure(failure -> world.rules().check(!alive, () -> name + " does not start: " + failure)));
    }

    private GeneratorSetup generators() {
        return new GeneratorSetup(
                models,
                situation.generation(),
                situation.config().bus(),
                generationMeters,
                NO_LOG,
                Tracing.of(TracingConfig.OFF),
                names,
                Optional.of(new KeptRuns(situation.resume(), memory, new CopyMeters(registry), directory::forget)));
    }

    private HttpSetup http() {
        StreamMeters streams = new StreamMeters(registry);
        return new HttpSetup(
                situation.http(),
                situation.generation(),
                situation.resume(),
                kept,
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
                clock);
    }

    private AccessControl access() {
        var meters = new LimitMeters(registry, new KeyMeters(registry), EnumSet.allOf(LimitDecision.Reason.class));
        return new AccessControl(
                keyring::authenticator,
                keyring.revocations(),
                new Plans(Situation.plans()),
                limiter,
                meters,
                new Settlements(meters));
    }

    String name() {
        return name;
    }

    Network network() {
        return world.network();
    }

    List<SimulatedLoop> loops() {
        return world.loops().all();
    }

    NodeClock clock() {
        return clock;
    }

    boolean isAlive() {
        return alive;
    }

    /** Whether its loops run. */
    boolean runs() {
        return runs;
    }

    /** Whether it accepts generations. */
    boolean isReady() {
        return alive && runs && member.problem().isEmpty();
    }

    /** The process is gone, and its connections with it. */
    void die() {
        world.steps().add(name, "dies");
        alive = false;
        runs = false;
        world.network().die();
    }

    /** @param withItsClock whether the whole machine is paused */
    void freeze(boolean withItsClock) {
        world.steps().add(name, withItsClock ? "is paused" : "is frozen");
        runs = false;
        if (withItsClock) {
            clock.stop();
        }
    }

    void goOn() {
        world.steps().add(name, "runs again");
        clock.goOn();
        runs = alive;
    }

    boolean isQuiet() {
        return !alive || (limiter.running() == 0 && queue.waiting() == 0 && queue.running() == 0);
    }

    /** When no work is ready: each place to run is that of an engine's run. */
    void checkPlaces() {
        if (alive && runs) {
            long its = world.reference().unended(name);
            world.rules()
                    .check(
                            queue.running() == its,
                            () -> "%s: %d places are taken, %d engines run".formatted(name, queue.running(), its));
        }
    }

    /** When the retention time of the last generation has passed. */
    void checkEnd() {
        if (!alive) {
            return;
        }
        KeptProbe probe = new KeptProbe(kept);
        check(limiter.running() == 0, limiter.running() + " permits are open at the end");
        check(queue.waiting() == 0, queue.waiting() + " wait at the end");
        check(queue.running() == 0, queue.running() + " run at the end");
        check(probe.pending() == 0, probe.pending() + " claims are pending at the end");
        check(probe.readers() == 0, probe.readers() + " readers are counted at the end");
        check(probe.generations() == 0, probe.generations() + " texts are kept at the end");
        long held = EnumSet.allOf(HeldBytes.Kind.class).stream()
                .mapToLong(memory::held)
                .sum();
        check(held == 0, held + " bytes are held at the end");
        check(member.problem().isEmpty(), member.problem().orElse(""));
    }

    private void check(boolean holds, String rule) {
        world.rules().check(holds, () -> name + ": " + rule);
    }

    /** Not a part of the run. */
    Future<?> close() {
        runs = true;
        clock.goOn();
        world.loops().close();
        keyring.close();
        registry.close();
        return vertx.close();
    }
}
