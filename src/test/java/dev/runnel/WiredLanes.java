package dev.runnel;

import dev.runnel.generator.GeneratorSetup;
import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.http.HttpSetup;
import dev.runnel.http.HttpVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The lanes of a service that a test wires by itself, and their drain. */
public final class WiredLanes {

    private final List<Lane> lanes = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    public Future<?> deploy(Vertx vertx, int count, GeneratorSetup generators, HttpSetup http) {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Lane lane = new Lane(new GeneratorVerticle(generators), new HttpVerticle(http), context -> {});
            lanes.add(lane);
            started.add(vertx.deployVerticle(lane).onSuccess(deployed -> addresses.add(lane.generator())));
        }
        return Future.join(started);
    }

    /** The addresses of the generators that {@link #deploy} has deployed so far. */
    public List<String> generators() {
        return List.copyOf(addresses);
    }

    /** As {@link #deploy}, with generators that are not on the event loop of their clients, except by chance. */
    public Future<?> deployApart(Vertx vertx, int count, GeneratorSetup generators, HttpSetup http) {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            GeneratorVerticle generator = new GeneratorVerticle(generators);
            HttpVerticle client = new HttpVerticle(http);
            lanes.add(new Lane(generator, client, context -> {}));
            started.add(vertx.deployVerticle(client));
            started.add(vertx.deployVerticle(generator));
        }
        return Future.join(started);
    }

    public Future<Drain.Outcome> drain(Duration limit) {
        return new Drain(lanes).run(limit);
    }
}
