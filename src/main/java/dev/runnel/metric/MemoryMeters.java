package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.LongSupplier;

/** The meters of the bytes that are held for clients. One for a process; any thread. */
public final class MemoryMeters {

    private static final String BYTES = "bytes";

    private final MeterRegistry registry;
    private final Labelled<Counter> refused;

    /** @param bounds every bound that may refuse bytes */
    public MemoryMeters(MeterRegistry registry, Set<? extends Enum<?>> bounds) {
        this.registry = registry;
        this.refused = new Labelled<>(
                bounds,
                bound -> Counter.builder("runnel.memory.refused")
                        .description("Times that bytes were refused as too many are held for clients, by the bound")
                        .tag("bound", bound)
                        .register(registry));
    }

    /** Registers the gauge of one kind. */
    public void show(Enum<?> kind, LongSupplier held) {
        Gauge.builder("runnel.memory.held", held::getAsLong)
                .description("Bytes that are held for clients: request bodies and prompts, texts, events not accepted,"
                        + " large events of upstreams")
                .baseUnit(BYTES)
                .tag("kind", Labelled.value(kind))
                .register(registry);
    }

    /** Registers the gauge of the bound of all kinds together. */
    public void limit(long bytes) {
        Gauge.builder("runnel.memory.limit", () -> bytes)
                .description("The most bytes that may be held for clients (memory.heldBytes)")
                .baseUnit(BYTES)
                .register(registry);
    }

    /** Bytes were refused. */
    public void refused(Enum<?> bound) {
        refused.of(bound).increment();
    }
}
