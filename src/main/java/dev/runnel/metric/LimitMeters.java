package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.IntSupplier;

/** What there is to count about the limits of keys. One for all verticle instances; any thread. */
public final class LimitMeters {

    private static final String ADMITTED = "admitted";
    private static final String REFUSED = "refused";
    /** The label of a decision that no limit stood against. */
    private static final String NO_LIMIT = "none";

    private final MeterRegistry registry;
    private final KeyMeters keys;
    private final Counter admitted;
    private final Labelled<Counter> refused;
    private final Counter unaccounted;

    /** @param limits every one that may stand against a request */
    public LimitMeters(MeterRegistry registry, KeyMeters keys, Set<? extends Enum<?>> limits) {
        this.registry = registry;
        this.keys = keys;
        this.admitted = decisions(NO_LIMIT, ADMITTED);
        this.refused = new Labelled<>(limits, limit -> decisions(limit, REFUSED));
        this.unaccounted = Counter.builder("runnel.limit.unaccounted")
                .description("Generations that were charged what was reserved, as nobody told what they used")
                .register(registry);
    }

    /**
     * Shows what is taken now.
     *
     * @param keys keys that have something running or used up
     * @param generations those of limited keys that are not settled
     */
    public void show(IntSupplier keys, IntSupplier generations) {
        gauge("runnel.limit.keys", "Keys that have something running or used up", keys);
        gauge("runnel.limit.generations", "Generations of limited keys that are not settled", generations);
    }

    private void gauge(String name, String description, IntSupplier value) {
        Gauge.builder(name, value::getAsInt).description(description).register(registry);
    }

    /** A request was let pass. */
    public void admitted() {
        admitted.increment();
    }

    /** A limit stood against a request of this key. */
    public void refused(String keyId, Enum<?> limit) {
        refused.of(limit).increment();
        keys.refused(keyId);
    }

    /** A generation's true usage never became known. */
    public void unaccounted() {
        unaccounted.increment();
    }

    private Counter decisions(String limit, String decision) {
        return Counter.builder("runnel.limit.decisions")
                .description("Requests that the limits of their keys let pass or not")
                .tag("limit", limit)
                .tag("decision", decision)
                .register(registry);
    }
}
