package dev.runnel;

import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.http.HttpSetup;
import dev.runnel.http.HttpVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The lanes of a service that a test wires by itself, and their drain. */
public final class WiredLanes {

    private final List<Lane> lanes = new ArrayList<>();

    /** Deploys lanes. Each calls {@code context} once. */
    public Future<?> deploy(
            Vertx vertx, int count, GeneratorSetup generators, HttpSetup http, Consumer<Context> context) {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Lane lane = new Lane(new GeneratorVerticle(generators), new HttpVerticle(http), context);
            lanes.add(lane);
            started.add(vertx.deployVerticle(lane));
        }
        return Future.join(started);
    }

    public Future<Drain.Outcome> drain(Duration limit) {
        return new Drain(lanes).run(limit);
    }
}
