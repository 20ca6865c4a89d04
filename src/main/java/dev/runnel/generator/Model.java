package dev.runnel.generator;

import dev.runnel.config.GenerationConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.ModelFacts;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.ModelGauge;
import dev.runnel.metric.ModelLabels;
import dev.runnel.metric.ModelMeters;
import io.vertx.core.Future;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configured model and its state. Any thread. */
final class Model {

    private static final Logger LOG = LoggerFactory.getLogger(Model.class);

    /** One is prepared while the next is on its way to the engine's thread. */
    private static final int PROMPTS_AT_ONCE = 2;

    /** How many prompts may wait for that; more if more generations may wait. */
    private static final int PROMPTS_WAITING = 64;

    private final ModelConfig config;
    private final Engine engine;
    private final int queueCapacity;
    private final ModelMeters meters;
    private final LongSupplier nanos;

    private volatile State state = new Opening();

    Model(ModelConfig config, Engine engine, GenerationConfig generation, GenerationMeters meters, LongSupplier nanos) {
        this.config = config;
        this.engine = engine;
        this.queueCapacity = generation.queue();
        this.meters = meters.model(labels(config));
        this.nanos = nanos;
        show();
    }

    /** The engine's name is the provider. The GenAI conventions use {@code openai} too. */
    private static ModelLabels labels(ModelConfig config) {
        String operation = config.template() == ModelConfig.Template.CHAT ? "chat" : "text_completion";
        return new ModelLabels(config.name(), operation, config.engine());
    }

    private void show() {
        meters.show(ModelGauge.AVAILABLE, now(open -> 1));
        meters.show(ModelGauge.WAITING, now(open -> open.queue().waiting()));
        meters.show(ModelGauge.PROMPTS_WAITING, now(open -> open.prompts().waiting()));
        meters.show(ModelGauge.PLACES_TO_WAIT, () -> queueCapacity);
        meters.show(ModelGauge.RUNNING, now(open -> open.queue().running()));
        meters.show(ModelGauge.PLACES_TO_RUN, now(open -> open.facts().sequences()));
        meters.show(ModelGauge.CELLS, now(open -> open.queue().cells()));
    }

    /** Whether the model works. */
    sealed interface State permits Opening, Open, Unavailable {}

    /** Its engine is loading or fetching it. */
    record Opening() implements State {}

    /**
     * It works.
     *
     * @param queue the places to generate
     * @param prompts the places to have a prompt prepared
     */
    record Open(ModelFacts facts, ModelQueue queue, ModelQueue prompts) implements State {}

    /**
     * It does not work.
     *
     * @param problem why, one line for the operator of the service
     */
    record Unavailable(String problem) implements State {}

    String name() {
        return config.name();
    }

    ModelConfig config() {
        return config;
    }

    Engine engine() {
        return engine;
    }

    State state() {
        return state;
    }

    ModelMeters meters() {
        return meters;
    }

    /** Opens it. Succeeds also if the model does not work. */
    Future<Void> open() {
        return Future.<Void>succeededFuture()
                .compose(called -> engine.open())
                .map(this::opened)
                .otherwise(this::unavailable)
                .onSuccess(this::settle)
                .mapEmpty();
    }

    private State opened(ModelFacts facts) {
        // One key may have as many prompts waiting as generations, so that a burst that the queue holds is accepted.
        var prompts = new ModelQueue(
                new ModelFacts(0, PROMPTS_AT_ONCE, PROMPTS_AT_ONCE), Math.max(PROMPTS_WAITING, queueCapacity), nanos);
        return new Open(facts, new ModelQueue(facts, queueCapacity, nanos), prompts);
    }

    private void settle(State opened) {
        if (state instanceof Opening) {
            state = opened;
        }
    }

    private State unavailable(Throwable failure) {
        String problem = String.valueOf(failure.getMessage());
        LOG.warn("model {} is not available: {}", name(), problem);
        LOG.debug("model {}", name(), failure);
        return new Unavailable(problem);
    }

    /** Closes the engine, which ends what runs. */
    Future<Void> close() {
        state = new Unavailable("closed");
        return engine.close();
    }

    private IntSupplier now(ToIntFunction<Open> value) {
        return () -> state instanceof Open open ? value.applyAsInt(open) : 0;
    }
}
