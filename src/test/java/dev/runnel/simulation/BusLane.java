package dev.runnel.simulation;

import dev.runnel.client.GenerationClient;
import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One event loop with a generator and a client of the bus, without HTTP. */
final class BusLane implements Deployable {

    private static final Duration PATIENCE = Situation.NEXT_TOKEN.plusSeconds(5);

    private final Optional<GeneratorVerticle> generator;
    private final RandomGenerator names;
    private @Nullable Context context;
    private @Nullable GenerationClient client;

    /** @param generators absent for a lane without a generator */
    BusLane(Optional<GeneratorSetup> generators, RandomGenerator names) {
        this.generator = generators.map(GeneratorVerticle::new);
        this.names = names;
    }

    @Override
    public Future<?> deploy(Context its) throws Exception {
        context = its;
        Future<?> started = generator.isPresent() ? generator.get().deploy(its) : Future.succeededFuture();
        return Future.join(
                started, GenerationClient.create(its.owner(), PATIENCE, names).onSuccess(made -> client = made));
    }

    @Override
    public Future<?> undeploy(Context its) throws Exception {
        Future<?> stopped = generator.isPresent() ? generator.get().undeploy(its) : Future.succeededFuture();
        return Future.join(client().close(), stopped);
    }

    /** Runs an action on the lane's context. */
    void run(Runnable action) {
        Objects.requireNonNull(context).runOnContext(turn -> action.run());
    }

    GenerationClient client() {
        return Objects.requireNonNull(client);
    }

    Future<?> drain() {
        return generator.map(GeneratorVerticle::drain).orElseGet(Future::succeededFuture);
    }

    Future<Integer> cut() {
        return generator.map(GeneratorVerticle::cut).orElseGet(() -> Future.succeededFuture(0));
    }
}
