package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.IntSupplier;

/** The meters of the limits of keys. One for all verticle instances; any thread. */
public final class LimitMeters {

    private static final String ADMITTED = "admitted";
    private static final String REFUSED = "refused";

    /** The {@code limit} label of a request that no limit refused. */
    private static final String NO_LIMIT = "none";

    private final MeterRegistry registry;
    private final KeyMeters keys;
    private final Counter admitted;
    private final Labelled<Counter> refused;
    private final Counter unaccounted;

    /** @param limits every limit that may refuse a request */
    public LimitMeters(MeterRegistry registry, KeyMeters keys, Set<? extends Enum<?>> limits) {
        this.registry = registry;
        this.keys = keys;
        this.admitted = decisions(NO_LIMIT, ADMITTED);
        this.refused = new Labelled<>(limits, limit -> decisions(limit, REFUSED));
        this.unaccounted = Counter.builder("runnel.limit.unaccounted")
                .description("Generations that were charged their full reservation because their usage never arrived")
                .register(registry);
    }

    /**
     * Registers gauges of the current use.
     *
     * @param keys keys with a running generation or a used-up limit
     * @param generations generations of limited keys that are not settled
     */
    public void show(IntSupplier keys, IntSupplier generations) {
        gauge("runnel.limit.keys", "Keys with a running generation or a used-up limit", keys);
        gauge("runnel.limit.generations", "Generations of limited keys that are not settled", generations);
    }

    private void gauge(String name, String description, IntSupplier value) {
        Gauge.builder(name, value::getAsInt).description(description).register(registry);
    }

    /** A request was admitted. */
    public void admitted() {
        admitted.increment();
    }

    /** A limit refused a request of this key. */
    public void refused(String keyId, Enum<?> limit) {
        refused.of(limit).increment();
        keys.refused(keyId);
    }

    /** A generation's true usage never arrived. */
    public void unaccounted() {
        unaccounted.increment();
    }

    private Counter decisions(String limit, String decision) {
        return Counter.builder("runnel.limit.decisions")
                .description("Decisions of the limits of keys about requests")
                .tag("limit", limit)
                .tag("decision", decision)
                .register(registry);
    }
}
