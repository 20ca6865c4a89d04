package dev.runnel;

import dev.runnel.config.ManagementConfig;
import dev.runnel.http.HealthCheck;
import dev.runnel.http.ManagementVerticle;
import dev.runnel.message.ModelState;
import dev.runnel.metric.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What {@code /health/live} and {@code /health/ready} look at. */
final class Health {

    private final Supplier<List<ModelState>> models;

    Health(Supplier<List<ModelState>> models) {
        this.models = models;
    }

    ManagementVerticle.Setup setup(ManagementConfig management, Metrics metrics) {
        return new ManagementVerticle.Setup(management, metrics, List::of, this::ready);
    }

    /** Ready is who has a default model that works; the others are only shown. */
    private List<HealthCheck> ready() {
        return models.get().stream()
                .map(model -> new HealthCheck(
                        "model " + model.name(), model.isDefault(), () -> Optional.ofNullable(model.problem())))
                .toList();
    }
}
