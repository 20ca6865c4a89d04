package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/**
 * What there is to count about generations. One for all generators of a process; any thread. Labels are the configuration's
 * model names, the words of enums and a bounded number of keys, so that nobody can make them grow.
 */
public final class GenerationMeters {

    private final MeterRegistry registry;
    private final KeyMeters keys;
    private final Set<? extends Enum<?>> outcomes;
    private final Labelled<Counter> refused;

    /**
     * Meters without any model yet.
     *
     * @param outcomes every one that {@link GenerationEnd} may have
     * @param errors everything that one may be refused with
     */
    public GenerationMeters(
            MeterRegistry registry, KeyMeters keys, Set<? extends Enum<?>> outcomes, Set<? extends Enum<?>> errors) {
        this.registry = registry;
        this.keys = keys;
        this.outcomes = outcomes;
        this.refused = new Labelled<>(errors, this::refusals);
    }

    private Counter refusals(String reason) {
        return Counter.builder("runnel.generations.refused")
                .description("Times that a generator refused a generation; of one that is full another one is asked")
                .tag("reason", reason)
                .register(registry);
    }

    /** The meters of one configured model. */
    public ModelMeters model(ModelLabels labels) {
        return new ModelMeters(registry, labels, outcomes, keys);
    }

    /** A generation was refused. Before it was accepted, so it is none of those that {@link ModelMeters#ended} counts. */
    public void refused(Enum<?> reason) {
        refused.of(reason).increment();
    }
}
