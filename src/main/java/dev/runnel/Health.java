package dev.runnel;

import dev.runnel.config.ManagementConfig;
import dev.runnel.generator.Models;
import dev.runnel.http.HealthCheck;
import dev.runnel.http.ManagementVerticle;
import dev.runnel.metric.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code /health/live} and {@code /health/ready} look at. */
final class Health {

    private final Models models;

    Health(Models models) {
        this.models = models;
    }

    ManagementVerticle.Setup setup(ManagementConfig management, Metrics metrics) {
        return new ManagementVerticle.Setup(management, metrics, List::of, this::ready);
    }

    /** Ready is who has a default model that works, and is not about to stop; other models are only shown. */
    private List<HealthCheck> ready() {
        List<HealthCheck> checks = new ArrayList<>();
        checks.add(new HealthCheck("not draining", true, this::draining));
        models.states().stream()
                .map(model -> new HealthCheck(
                        "model " + model.name(), model.isDefault(), () -> Optional.ofNullable(model.problem())))
                .forEach(checks::add);
        return checks;
    }

    private Optional<String> draining() {
        return models.isDraining()
                ? Optional.of("draining: the service is about to stop and takes no new generations")
                : Optional.empty();
    }
}
