package dev.runnel.metric;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The meters of the warm-up. One for a process; any thread. */
public final class WarmUpMeters {

    private final MeterRegistry registry;

    public WarmUpMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Registers the gauges.
     *
     * @param streams how many streams the warm-up has run
     * @param hasEnded whether it has ended
     */
    public void show(IntSupplier streams, BooleanSupplier hasEnded) {
        Gauge.builder("runnel.warm.up.streams", streams::getAsInt)
                .description("Streams that the service has run to warm up; fewer than warmUp.streams if warmUp.duration"
                        + " was over")
                .register(registry);
        Gauge.builder("runnel.warm.up.ended", () -> hasEnded.getAsBoolean() ? 1 : 0)
                .description("1 once the service has warmed up, else 0")
                .register(registry);
    }
}
