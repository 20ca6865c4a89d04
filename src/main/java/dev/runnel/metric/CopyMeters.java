package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** The meters of what generators keep of resumable generations whose clients are on other nodes. Any thread. */
public final class CopyMeters {

    private final MeterRegistry registry;
    private final Counter refused;

    public CopyMeters(MeterRegistry registry) {
        this.registry = registry;
        refused = Counter.builder("runnel.cluster.copies.refused")
                .description("Resumable generations of other nodes whose text was not kept here, for lack of room")
                .register(registry);
    }

    /**
     * Registers gauges of what is kept now.
     *
     * @param copies texts of running and ended generations
     * @param bytes their memory, in bytes
     */
    public void show(LongSupplier copies, LongSupplier bytes) {
        Gauge.builder("runnel.cluster.copies", copies::getAsLong)
                .description("Texts of resumable generations of other nodes that generators keep here")
                .register(registry);
        Gauge.builder("runnel.cluster.copies.bytes", bytes::getAsLong)
                .description("Memory of these texts")
                .baseUnit("bytes")
                .register(registry);
    }

    /** A text was not kept, or not any longer. */
    public void refused() {
        refused.increment();
    }
}
