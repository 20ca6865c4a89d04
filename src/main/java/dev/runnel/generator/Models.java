package dev.runnel.generator;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.ModelState;
import dev.runnel.metric.GenerationMeters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** All configured models, shared by all generator instances of a process. Any thread. */
public final class Models {

    private final RunnelConfig config;
    private final Context context;
    private final LongSupplier nanos;
    private final long createdSeconds;
    private final Map<String, Model> models = new LinkedHashMap<>();

    private volatile boolean draining;

    /**
     * Makes the models and opens none.
     *
     * @param engines by model name, as {@link Engines#create} gives them
     * @param nanos a monotonic clock
     * @param clock gives the time at which the models became known
     */
    public Models(
            Vertx vertx,
            RunnelConfig config,
            Map<String, Engine> engines,
            GenerationMeters meters,
            LongSupplier nanos,
            InstantSource clock) {
        this.config = config;
        this.context = vertx.getOrCreateContext();
        this.nanos = nanos;
        this.createdSeconds = clock.instant().getEpochSecond();
        for (ModelConfig model : config.models()) {
            Engine engine = Objects.requireNonNull(engines.get(model.name()), model.name());
            models.put(model.name(), new Model(model, engine, config.generation(), meters, nanos));
        }
    }

    /** Opens all models. Completes once each works or has failed, and never fails; see {@link #states}. */
    public Future<Void> open() {
        return forEach(Model::open);
    }

    /** Ends what runs and releases everything. */
    public Future<Void> close() {
        return forEach(Model::close);
    }

    /** From now on every new generation is refused with {@code DRAINING}. Accepted ones continue. */
    public void drain() {
        draining = true;
    }

    /** The current states of all models, in the order of the configuration. */
    public List<ModelState> states() {
        return models.values().stream().map(this::state).toList();
    }

    /** The names of the models that are still being opened. */
    public List<String> opening() {
        return models.values().stream()
                .filter(model -> model.state() instanceof Model.Opening)
                .map(Model::name)
                .toList();
    }

    /** Whether any generation runs. */
    public boolean hasRunning() {
        return models.values().stream()
                .anyMatch(model ->
                        model.state() instanceof Model.Open open && open.queue().running() > 0);
    }

    /** The places of each model that is available. None while this node accepts no new generations. */
    public List<ModelPlaces> places() {
        List<ModelPlaces> places = new ArrayList<>();
        for (Model model : models.values()) {
            if (!draining && model.state() instanceof Model.Open open) {
                boolean isDefault = model.name().equals(config.defaultModel());
                places.add(new ModelPlaces(model.name(), isDefault, open.queue().free()));
            }
        }
        return places;
    }

    /** Estimated wait of a new request for the default model, of a key without waiting requests. */
    public Duration waitForDefault() {
        return find("").map(Model::state)
                .map(state -> state instanceof Model.Open open ? open.queue().expectedWait() : Duration.ZERO)
                .orElse(Duration.ZERO);
    }

    /** Whether {@link #drain} was called. */
    public boolean isDraining() {
        return draining;
    }

    /** The model of a request. An empty name stands for the default model. */
    Optional<Model> find(String name) {
        return Optional.ofNullable(models.get(name.isEmpty() ? config.defaultModel() : name));
    }

    LongSupplier nanos() {
        return nanos;
    }

    private ModelState state(Model model) {
        boolean isDefault = model.name().equals(config.defaultModel());
        int maxTokens = config.generation().maxTokens();
        int answerTokens = model.config().answerTokens();
        boolean hasTemplate = model.config().template() == ModelConfig.Template.CHAT;
        Model.State state = model.state();
        if (state instanceof Model.Open open) {
            int context = open.facts().contextTokens();
            int fitting = context == 0 ? maxTokens : Math.min(maxTokens, context);
            return new ModelState(
                    model.name(),
                    isDefault,
                    true,
                    context,
                    fitting,
                    answerTokens,
                    hasTemplate,
                    open.facts().passThrough(),
                    createdSeconds,
                    null);
        }
        String problem = state instanceof Model.Unavailable unavailable ? unavailable.problem() : "is being opened";
        return new ModelState(
                model.name(), isDefault, false, 0, maxTokens, answerTokens, hasTemplate, createdSeconds, problem);
    }

    /** Calls the engines on an event loop, as their contract demands. */
    private Future<Void> forEach(Function<Model, Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                now -> Future.join(models.values().stream().map(action).toList())
                        .<Void>mapEmpty()
                        .onComplete(done));
        return done.future();
    }
}
