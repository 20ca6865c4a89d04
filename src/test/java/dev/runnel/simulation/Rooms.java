package dev.runnel.simulation;

import dev.runnel.WiredLanes;
import dev.runnel.auth.AuthSettings;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.config.LogConfig;
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
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.LimitMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.netty.util.concurrent.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rooms of one process, wired as the service wires them. */
final class Rooms {

    private static final LogConfig NO_LOG = new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO, false, false);

    private final Vertx vertx;
    private final Situation situation;
    private final InstantSource clock;
    private final MeterRegistry registry = new CompositeMeterRegistry();
    private final GenerationMeters generationMeters;
    private final RandomGenerator names;
    private final Models models;
    private final QueueProbe queue;
    private final HeldBytes memory;
    private final Permits permits;
    private final WiredLanes lanes = new WiredLanes();

    /** Only HTTP has keys. */
    private @Nullable Keyring keyring;

    /** @param played the engine of the model {@link Situation#PLAYED} */
    <C extends Ticker & InstantSource> Rooms(World world, Vertx vertx, Situation situation, C clock, Engine played) {
        this.vertx = vertx;
        this.situation = situation;
        this.clock = clock;
        // No rule looks at a meter, and each seed would register all of them.
        registry.config().meterFilter(MeterFilter.deny());
        this.generationMeters = new GenerationMeters(registry, new KeyMeters(registry));
        this.names = new Random(world.choices().at("names").random().nextLong());
        this.models = new Models(vertx, situation.config(), engines(played), generationMeters, clock::nanoTime, clock);
        this.queue = new QueueProbe(models, Situation.PLAYED);
        this.memory = new HeldBytes(
                new MemoryBounds(situation.heldBytes(), situation.heldBytes()),
                new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
        this.permits = new Permits(world, clock::nanoTime);
    }

    private Map<String, Engine> engines(Engine played) {
        var environment = new EngineEnvironment(vertx, Path.of("unused"), EngineListener.SILENT);
        Map<String, Engine> engines =
                new HashMap<>(new ScriptedProvider().create(List.of(situation.scripted()), environment));
        engines.put(Situation.PLAYED, played);
        return engines;
    }

    /** The secret of the keys is that of a configuration, so it is here at once. */
    void openKeys() {
        keyring = Keyring.withoutRegistry(
                        vertx,
                        AuthSettings.local(),
                        AuthSettings.local().secret().orElseThrow(),
                        clock)
                .result();
    }

    /** @param kept what generators keep for other guardians; empty without a cluster */
    GeneratorSetup generators(Optional<KeptRuns> kept) {
        return new GeneratorSetup(
                models,
                situation.generation(),
                situation.config().bus(),
                generationMeters,
                NO_LOG,
                Tracing.of(TracingConfig.OFF),
                names,
                kept);
    }

    /** After {@link #openKeys}. */
    HttpSetup http(KeptGenerations kept) {
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
        Keyring opened = keyring().orElseThrow();
        var meters = new LimitMeters(registry, new KeyMeters(registry), EnumSet.allOf(LimitDecision.Reason.class));
        return new AccessControl(
                opened::authenticator,
                opened.revocations(),
                new Plans(Situation.plans()),
                permits.limiter(),
                meters,
                new Settlements(meters));
    }

    Vertx vertx() {
        return vertx;
    }

    MeterRegistry registry() {
        return registry;
    }

    RandomGenerator names() {
        return names;
    }

    Models models() {
        return models;
    }

    /** The places of {@link Situation#PLAYED}. */
    QueueProbe queue() {
        return queue;
    }

    HeldBytes memory() {
        return memory;
    }

    /** How many bytes of texts and requests are held. */
    long held() {
        return EnumSet.allOf(HeldBytes.Kind.class).stream()
                .mapToLong(memory::held)
                .sum();
    }

    Permits permits() {
        return permits;
    }

    WiredLanes lanes() {
        return lanes;
    }

    Optional<Keyring> keyring() {
        return Optional.ofNullable(keyring);
    }

    /** The HTTP client of the keys would keep a Vert.x that is closed. */
    Future<?> close() {
        keyring().ifPresent(Keyring::close);
        registry.close();
        return vertx.close();
    }
}
