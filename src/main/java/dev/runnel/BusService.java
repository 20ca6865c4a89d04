package dev.runnel;

import dev.runnel.config.LogConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.HeldText;
import dev.runnel.generator.Engines;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.generator.Models;
import dev.runnel.message.ModelState;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.Metrics;
import dev.runnel.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A service without ports: the models and one generator on an event bus of their own. Verticles that are deployed to
 * its {@link #vertx()} get text with a {@code GenerationClient}.
 */
public final class BusService {

    private final Vertx vertx;
    private final Metrics metrics = Metrics.off();
    private final Tracing tracing;
    private final Models models;
    private final Promise<Void> closed = Promise.promise();
    private boolean closing;

    private BusService(RunnelConfig config, EngineListener listener) {
        this.vertx = Vertx.vertx(FilelessVertx.options().setEventLoopPoolSize(1));
        this.tracing = Tracing.of(config.tracing());
        var environment = new EngineEnvironment(
                vertx, config.dataDirectory(), config.llama(), listener, model -> HeldText.UNCOUNTED);
        var engines = Engines.onClassPath().create(config.models(), environment);
        var meters = new GenerationMeters(metrics.registry(), new KeyMeters(metrics.registry()));
        this.models = new Models(vertx, config, engines, meters, System::nanoTime, InstantSource.system());
    }

    /**
     * Starts it, and opens every model of the configuration.
     *
     * @param listener receives the progress of model fetches
     * @return completes when the default model works or has failed. It fails with the reason of the model, one line;
     *     everything is closed again then.
     */
    public static Opening start(RunnelConfig config, EngineListener listener) {
        BusService service = new BusService(config, listener);
        return new Opening(service, service.open(config));
    }

    /**
     * A start that is under way.
     *
     * @param service may be closed before the start has ended
     * @param opened the problem of the default model, one line; empty if it works
     */
    public record Opening(BusService service, Future<Optional<String>> opened) {}

    private Future<Optional<String>> open(RunnelConfig config) {
        LogConfig log = new LogConfig(config.log().format(), config.log().level(), false, false);
        var setup = new GeneratorSetup(
                models,
                config.generation(),
                config.bus(),
                new GenerationMeters(metrics.registry(), new KeyMeters(metrics.registry())),
                log,
                tracing);
        return vertx.deployVerticle(new GeneratorVerticle(setup))
                .compose(deployed -> models.open())
                .map(opened -> models.states().stream()
                        .filter(ModelState::isDefault)
                        .findFirst()
                        .map(ModelState::problem));
    }

    /** The Vert.x instance, for verticles that use the bus. */
    public Vertx vertx() {
        return vertx;
    }

    /** The current states of its models, in the order of the configuration. */
    public List<ModelState> models() {
        return models.states();
    }

    /** Ends what runs, and frees everything. Idempotent; any thread. */
    public synchronized Future<Void> close() {
        if (!closing) {
            closing = true;
            models.close()
                    .transform(done -> vertx.close())
                    .onComplete(done -> {
                        metrics.close();
                        tracing.close();
                    })
                    .onComplete(closed);
        }
        return closed.future();
    }
}
