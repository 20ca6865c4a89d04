package dev.runnel;

import dev.runnel.generator.Models;
import dev.runnel.http.management.HealthCheck;
import dev.runnel.message.ModelState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What {@code /health/live} and {@code /health/ready} look at. */
final class Health {

    private final Models models;
    private final BooleanSupplier isWarm;
    private final EventLoops loops;
    private final Duration queueWait;

    /** @param queueWait how long a generation may wait for its turn */
    Health(Models models, BooleanSupplier isWarm, EventLoops loops, Duration queueWait) {
        this.models = models;
        this.isWarm = isWarm;
        this.loops = loops;
        this.queueWait = queueWait;
    }

    /** Alive is whose event loops all turn; else only a restart helps. */
    Future<List<HealthCheck>> live() {
        return loops.ask();
    }

    /** Ready is who is warm, has a default model that works and can be waited for, and is not about to stop. */
    List<HealthCheck> ready() {
        List<HealthCheck> checks = new ArrayList<>();
        checks.add(new HealthCheck("not draining", true, this::draining));
        checks.add(new HealthCheck("warm", true, this::cold));
        models.states().stream().map(Health::works).forEach(checks::add);
        checks.add(new HealthCheck("queue", true, this::hopelessQueue));
        return checks;
    }

    private Optional<String> draining() {
        return models.isDraining()
                ? Optional.of("draining: the service is about to stop and takes no new generations")
                : Optional.empty();
    }

    /** A full queue that moves is not hopeless: who is refused there is told truly when to come again. */
    private Optional<String> hopelessQueue() {
        Duration wait = models.waitForDefault();
        return wait.compareTo(queueWait) > 0
                ? Optional.of("who came now would wait for about " + wait.toSeconds() + " s (expected: at most "
                        + queueWait.toSeconds() + " s)")
                : Optional.empty();
    }

    private static HealthCheck works(ModelState model) {
        return new HealthCheck("model " + model.name(), model.isDefault(), () -> Optional.ofNullable(model.problem()));
    }

    private Optional<String> cold() {
        return isWarm.getAsBoolean() ? Optional.empty() : Optional.of("the service is warming up");
    }
}
