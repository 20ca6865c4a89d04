package dev.runnel;

import dev.runnel.config.ManagementConfig;
import dev.runnel.http.HealthCheck;
import dev.runnel.http.ManagementVerticle;
import dev.runnel.message.ModelState;
import dev.runnel.metric.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What {@code /health/live} and {@code /health/ready} look at. */
final class Health {

    private final Supplier<List<ModelState>> models;
    private final BooleanSupplier isWarm;

    Health(Supplier<List<ModelState>> models, BooleanSupplier isWarm) {
        this.models = models;
        this.isWarm = isWarm;
    }

    ManagementVerticle.Setup setup(ManagementConfig management, Metrics metrics) {
        return new ManagementVerticle.Setup(management, metrics, List::of, this::ready);
    }

    /** Ready is who is warm and has a default model that works; the others are only shown. */
    private List<HealthCheck> ready() {
        HealthCheck warm = new HealthCheck("warm", true, this::cold);
        return Stream.concat(Stream.of(warm), models.get().stream().map(Health::works))
                .toList();
    }

    private static HealthCheck works(ModelState model) {
        return new HealthCheck("model " + model.name(), model.isDefault(), () -> Optional.ofNullable(model.problem()));
    }

    private Optional<String> cold() {
        return isWarm.getAsBoolean() ? Optional.empty() : Optional.of("the service is warming up");
    }
}
