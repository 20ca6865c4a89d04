package dev.runnel.metric;

import dev.runnel.message.Ended;
import dev.runnel.text.FailureCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;

/**
 * The meters of generations. One for all generators of a process; any thread. The values of labels are bounded: the
 * configuration's model names, enum constants and at most 100 keys. A client cannot add further ones.
 */
public final class GenerationMeters {

    private final MeterRegistry registry;
    private final KeyMeters keys;
    private final Labelled<Counter> refused;

    /** Registers the meters that belong to no model. */
    public GenerationMeters(MeterRegistry registry, KeyMeters keys) {
        this.registry = registry;
        this.keys = keys;
        this.refused = new Labelled<>(EnumSet.allOf(FailureCode.class), this::refusals);
    }

    private Counter refusals(String reason) {
        return Counter.builder("runnel.generations.refused")
                .description("Generations that a generator refused. When one generator is full, another one is asked,"
                        + " so that a request can be counted more than once")
                .tag("reason", reason)
                .register(registry);
    }

    /** The meters of one configured model. */
    public ModelMeters model(ModelLabels labels) {
        return new ModelMeters(registry, labels, keys);
    }

    /** A generation was refused before it was accepted. {@link ModelMeters#ended(Ended)} does not count it. */
    public void refused(FailureCode reason) {
        refused.of(reason).increment();
    }
}
