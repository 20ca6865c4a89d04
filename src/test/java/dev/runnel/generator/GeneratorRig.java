package dev.runnel.generator;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.config.GenerationConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.TestConfig;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.EngineProvider;
import dev.runnel.engine.scripted.ScriptedProvider;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Generators on a real bus, a client of theirs, and observers of what they publish. */
final class GeneratorRig implements AutoCloseable {

    /** When its models became known. */
    static final Instant CREATED = Instant.ofEpochSecond(1_795_842_938);

    static final GenerationConfig PATIENT = new GenerationConfig(
            4096,
            256,
            64,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            4 << 20);

    /** Its own: properties use the rig too, and jqwik runs them without the extensions of JUnit. */
    private final Vertx vertx = Vertx.vertx();
    /** It is complete: what is composed with it runs on the event loop. */
    private final Future<Void> loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final List<NumberedMessage> observed = new CopyOnWriteArrayList<>();
    private final Optional<KeptRuns> kept;
    private final Models models;
    private final List<GeneratorVerticle> generators = new CopyOnWriteArrayList<>();
    private final String deployment;
    private final GenerationClient client;

    private GeneratorRig(Settings settings) throws TimeoutException {
        var meters = new GenerationMeters(registry, new KeyMeters(registry));
        var engines = new Engines(settings.providers);
        RunnelConfig config = settings.config();
        var environment = new EngineEnvironment(vertx, Path.of("unused"), EngineListener.SILENT);
        models = new Models(
                vertx, config, engines.create(config.models(), environment), meters, System::nanoTime, () -> CREATED);
        models.open().await(20, TimeUnit.SECONDS);
        settings.cluster.accept(vertx);
        kept = settings.kept;
        MessageCodecs.register(vertx.eventBus());
        vertx.eventBus().<Ended>consumer(Addresses.ENDED, message -> ended.add(message.body()));
        vertx.eventBus().<NumberedMessage>consumer(Addresses.DELTAS, message -> observed.add(message.body()));
        deployment = vertx.deployVerticle(
                        () -> generator(config, meters), new DeploymentOptions().setInstances(settings.instances))
                .await(20, TimeUnit.SECONDS);
        client = onLoop(() -> GenerationClient.create(vertx));
    }

    private GeneratorVerticle generator(RunnelConfig config, GenerationMeters meters) {
        var generator = new GeneratorVerticle(new GeneratorSetup(
                models, config.generation(), config.bus(), meters, config.log(), Tracing.of(config.tracing()), kept));
        generators.add(generator);
        return generator;
    }

    static Settings with() {
        return new Settings();
    }

    /** What a rig is made of. */
    static final class Settings {

        private final List<ModelConfig> models = new ArrayList<>();
        private final List<EngineProvider> providers = new ArrayList<>(List.of(new ScriptedProvider()));
        private GenerationConfig generation = PATIENT;
        private int instances = 1;
        private boolean publishDeltas = true;
        private Consumer<Vertx> cluster = vertx -> {};
        private Optional<KeptRuns> kept = Optional.empty();

        /** A scripted model; the first one is the default. */
        Settings model(String name, Map<String, Object> settings) {
            models.add(model(name, "scripted", settings));
            return this;
        }

        Settings played(PlayedEngine engine) {
            models.add(model("played", "played", Map.of()));
            providers.add(engine);
            return this;
        }

        private static ModelConfig model(String name, String engine, Map<String, Object> settings) {
            return new ModelConfig(name, engine, ModelConfig.Template.CHAT, null, Sampling.UNSET, settings);
        }

        Settings queue(int places) {
            generation = new GenerationConfig(
                    generation.maxTokens(),
                    generation.defaultMaxTokens(),
                    places,
                    generation.queueWait(),
                    generation.firstToken(),
                    generation.nextToken(),
                    generation.longest(),
                    generation.maxTextBytes());
            return this;
        }

        Settings limits(Duration longest, int maxTextBytes) {
            generation = new GenerationConfig(
                    generation.maxTokens(),
                    generation.defaultMaxTokens(),
                    generation.queue(),
                    generation.queueWait(),
                    generation.firstToken(),
                    generation.nextToken(),
                    longest,
                    maxTextBytes);
            return this;
        }

        Settings deadlines(Duration queueWait, Duration firstToken, Duration nextToken) {
            generation = new GenerationConfig(
                    generation.maxTokens(),
                    generation.defaultMaxTokens(),
                    generation.queue(),
                    queueWait,
                    firstToken,
                    nextToken,
                    generation.longest(),
                    generation.maxTextBytes());
            return this;
        }

        /** @param node makes the process a node, before its generators start */
        Settings inCluster(Consumer<Vertx> node) {
            cluster = node;
            return this;
        }

        Settings keeping(KeptRuns runs) {
            kept = Optional.of(runs);
            return this;
        }

        Settings instances(int count) {
            instances = count;
            return this;
        }

        Settings unpublished() {
            publishDeltas = false;
            return this;
        }

        GeneratorRig start() throws TimeoutException {
            return new GeneratorRig(this);
        }

        private RunnelConfig config() {
            String yaml = """
                bus: { publishDeltas: %s }
                models: [ { name: smollm2-135m-instruct, engine: scripted } ]
                """;
            RunnelConfig read = TestConfig.of(yaml.formatted(publishDeltas));
            return new RunnelConfig(
                    read.file(),
                    read.data(),
                    read.http(),
                    read.management(),
                    read.memory(),
                    read.auth(),
                    generation,
                    read.resume(),
                    read.bus(),
                    read.cluster(),
                    read.log(),
                    read.tracing(),
                    read.warmUp(),
                    read.llama(),
                    models.get(0).name(),
                    models,
                    read.plans());
        }
    }

    Vertx vertx() {
        return vertx;
    }

    /** Runs the action on the event loop and waits for its outcome. */
    <T> T onLoop(Supplier<Future<T>> action) throws TimeoutException {
        return loop.compose(turn -> action.get()).await(20, TimeUnit.SECONDS);
    }

    /** Runs the action on the event loop and waits until it has returned. */
    void run(Runnable action) throws TimeoutException {
        loop.andThen(turn -> action.run()).await(20, TimeUnit.SECONDS);
    }

    Models models() {
        return models;
    }

    MeterRegistry registry() {
        return registry;
    }

    ModelQueue queue(String model) {
        return models.find(model)
                .filter(found -> found.state() instanceof Model.Open)
                .map(found -> ((Model.Open) found.state()).queue())
                .orElseThrow();
    }

    Reader submit(GenerationRequest request) throws TimeoutException {
        return onLoop(() -> client.submit(request).map(Reader::new));
    }

    /** Cancels a generation; returns whether a generator knows it. */
    boolean cancel(String id) throws TimeoutException {
        return onLoop(() -> client.cancel(id, Cancel.Cause.DELETED));
    }

    /** Submits and does not wait for the answer. The consumer has left once {@code isGone} says so. */
    Future<ClientGeneration> submitting(GenerationRequest request, BooleanSupplier isGone) throws TimeoutException {
        Promise<ClientGeneration> answer = Promise.promise();
        run(() -> client.submit(request, isGone).onComplete(answer));
        return answer.future();
    }

    /** As {@link #submit(GenerationRequest)}, paused before the first delta can come. */
    Reader submitPaused(GenerationRequest request) throws TimeoutException {
        return onLoop(() -> client.submit(request).map(generation -> {
            Reader reader = new Reader(generation);
            generation.deltas().pause();
            return reader;
        }));
    }

    Reader submit(String prompt) throws TimeoutException {
        return submit(GenerationRequest.of(prompt));
    }

    Failure refusal(GenerationRequest request) throws TimeoutException {
        try {
            throw new AssertionError("not refused: " + submit(request).id());
        } catch (GenerationException refused) {
            return refused.failure();
        }
    }

    /** The next record on {@code runnel.ended}. */
    Ended ended() throws InterruptedException {
        Ended next = ended.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing ended");
        }
        return next;
    }

    boolean nothingElseEnded() {
        return ended.isEmpty();
    }

    List<NumberedMessage> observed() {
        return List.copyOf(observed);
    }

    /** Starts a drain, as the service does; completes when every accepted generation has ended. */
    Future<?> drain() {
        models.drain();
        return Future.join(generators.stream().map(GeneratorVerticle::drain).toList());
    }

    /** Ends what is left; returns how many that were. */
    int cut() throws TimeoutException {
        int cut = 0;
        for (GeneratorVerticle generator : generators) {
            cut += generator.cut().await(20, TimeUnit.SECONDS);
        }
        return cut;
    }

    /** Stops the generators. */
    void undeploy() throws TimeoutException {
        vertx.undeploy(deployment).await(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws TimeoutException {
        models.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
