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
 * The meters of the servers to which models are relayed. One for a process; any thread. Labels have the configuration's
 * names.
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

    /** @param outcomes every outcome that a request may have */
    public UpstreamMeters(MeterRegistry registry, Set<? extends Enum<?>> outcomes) {
        this.registry = registry;
        this.outcomes = outcomes;
    }

    /**
     * Registers the meters of an upstream server.
     *
     * @param running its requests in progress
     * @param available whether it gets requests as usual
     */
    public void show(String model, String upstream, IntSupplier running, BooleanSupplier available) {
        Name name = new Name(model, upstream);
        of(name);
        gauge("runnel.upstream.running", "Requests to an upstream server that are in progress", name, running);
        gauge(
                "runnel.upstream.available",
                "1 if an upstream server works; 0 from the failure that set it aside until a request to it succeeds",
                name,
                () -> available.getAsBoolean() ? 1 : 0);
    }

    private void gauge(String meter, String description, Name name, IntSupplier value) {
        Gauge.builder(meter, value::getAsInt)
                .description(description)
                .tags(name.tags())
                .register(registry);
    }

    /** A request to an upstream server has ended. */
    public void answered(String model, String upstream, Enum<?> outcome) {
        of(new Name(model, upstream)).requests.of(outcome).increment();
    }

    /** A generation changed to another upstream server. */
    public void retried(String model, String upstream) {
        of(new Name(model, upstream)).retries.increment();
    }

    /** The circuit of an upstream server opened: it failed and gets no requests for some time. */
    public void circuitOpened(String model, String upstream) {
        of(new Name(model, upstream)).circuitOpened.increment();
    }

    private OfUpstream of(Name name) {
        return upstreams.computeIfAbsent(name, OfUpstream::new);
    }

    private final class OfUpstream {

        private final Labelled<Counter> requests;
        private final Counter retries;
        private final Counter circuitOpened;

        private OfUpstream(Name name) {
            requests = new Labelled<>(
                    outcomes,
                    outcome -> counter(
                            "requests",
                            "Requests to an upstream server that have ended",
                            name.tags().and("outcome", outcome)));
            retries = counter(
                    "retries",
                    "Generations that changed to another upstream server after this one failed before its first token",
                    name.tags());
            circuitOpened = counter(
                    "set.aside", "Times that an upstream server failed and got no requests for some time", name.tags());
        }

        private Counter counter(String what, String description, Tags tags) {
            return Counter.builder("runnel.upstream." + what)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }
    }
}
