package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * What there is to count about the servers that models are relayed to. One for a process; any thread. The names are those of
 * the configuration.
 */
public final class UpstreamMeters {

    private final MeterRegistry registry;
    private final Set<? extends Enum<?>> outcomes;
    private final Map<Name, OfUpstream> upstreams = new ConcurrentHashMap<>();

    private record Name(String model, String upstream) {

        Tags tags() {
            return Tags.of("model", model, "upstream", upstream);
        }
    }

    /** @param outcomes every one that a request may have */
    public UpstreamMeters(MeterRegistry registry, Set<? extends Enum<?>> outcomes) {
        this.registry = registry;
        this.outcomes = outcomes;
    }

    /**
     * Shows an upstream.
     *
     * @param running its requests that are under way
     * @param available whether requests go to it as usual
     */
    public void show(String model, String upstream, IntSupplier running, BooleanSupplier available) {
        Name name = new Name(model, upstream);
        of(name);
        gauge("runnel.upstream.running", "Requests to an upstream that are under way", name, running);
        gauge(
                "runnel.upstream.available",
                "Whether an upstream works: 0 from its being set aside until a request to it goes well, else 1",
                name,
                () -> available.getAsBoolean() ? 1 : 0);
    }

    private void gauge(String meter, String description, Name name, IntSupplier value) {
        Gauge.builder(meter, value::getAsInt)
                .description(description)
                .tags(name.tags())
                .register(registry);
    }

    /** A request to an upstream is over. */
    public void answered(String model, String upstream, Enum<?> outcome) {
        of(new Name(model, upstream)).requests.of(outcome).increment();
    }

    /** A generation left an upstream for another. */
    public void retried(String model, String upstream) {
        of(new Name(model, upstream)).retries.increment();
    }

    /** An upstream is left alone for a while. */
    public void setAside(String model, String upstream) {
        of(new Name(model, upstream)).setAside.increment();
    }

    private OfUpstream of(Name name) {
        return upstreams.computeIfAbsent(name, OfUpstream::new);
    }

    private final class OfUpstream {

        private final Labelled<Counter> requests;
        private final Counter retries;
        private final Counter setAside;

        private OfUpstream(Name name) {
            requests = new Labelled<>(
                    outcomes,
                    outcome -> counter(
                            "requests",
                            "Requests to an upstream that are over",
                            name.tags().and("outcome", outcome)));
            retries = counter("retries", "Generations that left an upstream for another one", name.tags());
            setAside =
                    counter("set.aside", "Times that an upstream failed and was left alone for a while", name.tags());
        }

        private Counter counter(String what, String description, Tags tags) {
            return Counter.builder("runnel.upstream." + what)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }
    }
}
