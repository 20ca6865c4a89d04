package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What there is to count about requests that never became a generation, and the connections that they came by. One for all
 * verticle instances; any thread.
 */
public final class RequestMeters {

    private final MeterRegistry registry;
    private final Map<Refusal, Counter> refusals = new ConcurrentHashMap<>();
    private final Counter flooded;
    private final Counter unknownPipelines;

    /**
     * What a client was told.
     *
     * @param type one of the API's few words
     * @param code a finer word of the API's, or empty
     */
    public record Refusal(String type, String code) {}

    public RequestMeters(MeterRegistry registry) {
        this.registry = registry;
        this.flooded = Counter.builder("runnel.connections.flooded")
                .description("Connections that were cut as their clients sent request upon request and took no answers")
                .register(registry);
        this.unknownPipelines = Counter.builder("runnel.connections.unknown.pipeline")
                .description(
                        "Connections that use the slower general path as this Vert.x names its handlers differently")
                .register(registry);
    }

    /** Shows what may happen before it does. */
    public void expect(Refusal refusal) {
        counter(refusal);
    }

    /** A request was answered with an error status, and nothing was generated for it. */
    public void refused(Refusal refusal) {
        counter(refusal).increment();
    }

    /** A connection was cut, as its client sent request upon request and took no answers. */
    public void flooded() {
        flooded.increment();
    }

    /** A connection was opened whose handlers have other names than expected. */
    public void unknownPipeline() {
        unknownPipelines.increment();
    }

    private Counter counter(Refusal refusal) {
        return refusals.computeIfAbsent(refusal, this::register);
    }

    private Counter register(Refusal refusal) {
        return Counter.builder("runnel.refusals")
                .description("Requests that were answered with an error status before anything was generated for them")
                .tag("type", refusal.type())
                .tag("code", refusal.code())
                .register(registry);
    }
}
