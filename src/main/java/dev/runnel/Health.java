package dev.runnel;

import dev.runnel.generator.Models;
import dev.runnel.http.management.HealthCheck;
import dev.runnel.message.ModelState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The checks of {@code /health/live} and {@code /health/ready}. */
final class Health {

    private final Models models;
    private final Supplier<Optional<String>> cold;
    private final EventLoops loops;
    private final Duration queueWait;
    private final Optional<Supplier<Optional<String>>> cluster;

    /**
     * @param cold why the service is not warm; empty if it is
     * @param queueWait how long a generation may wait in the queue
     * @param cluster why this node is no member that accepts generations; empty for a service without a cluster
     */
    Health(
            Models models,
            Supplier<Optional<String>> cold,
            EventLoops loops,
            Duration queueWait,
            Optional<Supplier<Optional<String>>> cluster) {
        this.models = models;
        this.cold = cold;
        this.loops = loops;
        this.queueWait = queueWait;
        this.cluster = cluster;
    }

    /** The service is live while every event loop answers. A stuck loop needs a restart. */
    Future<List<HealthCheck>> live() {
        return loops.check();
    }

    /** The service is ready if it is warm and does not drain, the default model works and its queue is short enough. */
    List<HealthCheck> ready() {
        List<HealthCheck> checks = new ArrayList<>();
        checks.add(new HealthCheck("not draining", true, this::draining));
        checks.add(new HealthCheck("warm", true, cold));
        cluster.ifPresent(problem -> checks.add(new HealthCheck("cluster", true, problem)));
        models.states().stream().map(Health::modelCheck).forEach(checks::add);
        checks.add(new HealthCheck("queue", true, this::longQueue));
        return checks;
    }

    private Optional<String> draining() {
        return models.isDraining() ? Optional.of("the service stops and accepts no new generations") : Optional.empty();
    }

    /** A full queue that moves is not a problem: refused clients get a correct Retry-After. */
    private Optional<String> longQueue() {
        Duration wait = models.waitForDefault();
        return wait.compareTo(queueWait) > 0
                ? Optional.of("estimated wait " + wait.toSeconds() + " s (limit " + queueWait.toSeconds() + " s)")
                : Optional.empty();
    }

    private static HealthCheck modelCheck(ModelState model) {
        return new HealthCheck("model " + model.name(), model.isDefault(), () -> Optional.ofNullable(model.problem()));
    }
}
