package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of requests that became no generation, and of their connections. One for all verticle instances; any
 * thread.
 */
public final class RequestMeters {

    private final MeterRegistry registry;
    private final Map<Refusal, Counter> refusals = new ConcurrentHashMap<>();
    private final Counter flooded;
    private final Counter unknownPipelines;
    private final Counter discardedBytes;
    private final Counter discardsCut;
    private final AtomicInteger discards = new AtomicInteger();

    /**
     * The error that a client got.
     *
     * @param type the {@code type} of the API's error
     * @param code the {@code code} of the API's error, or empty
     */
    public record Refusal(String type, String code) {}

    public RequestMeters(MeterRegistry registry) {
        this.registry = registry;
        this.flooded = Counter.builder("runnel.connections.flooded")
                .description("Connections that were closed because the client sent requests and left 1 MB of responses"
                        + " unread")
                .register(registry);
        this.unknownPipelines = Counter.builder("runnel.connections.unknown.pipeline")
                .description(
                        "Connections that use the slower general path as this Vert.x names its handlers differently")
                .register(registry);
        this.discardedBytes = Counter.builder("runnel.discarded.bytes")
                .description("Bytes of bodies that were read after their requests had been refused")
                .register(registry);
        this.discardsCut = Counter.builder("runnel.discards.cut")
                .description("Refused requests whose connection or HTTP/2 stream was closed before the whole body had"
                        + " been read")
                .register(registry);
        Gauge.builder("runnel.discards.running", discards, AtomicInteger::get)
                .description("Refused requests whose body is still read, for 2 s at most")
                .register(registry);
    }

    /** Registers the counter of a refusal before the first one, with 0. */
    public void expect(Refusal refusal) {
        counter(refusal);
    }

    /** A request got an error status and no generation. */
    public void refused(Refusal refusal) {
        counter(refusal).increment();
    }

    /** A connection was closed because its client sent requests and did not read the responses. */
    public void flooded() {
        flooded.increment();
    }

    /** A connection was opened whose handlers have other names than expected. */
    public void unknownPipeline() {
        unknownPipelines.increment();
    }

    /** The rest of the body of a refused request is to be discarded. {@link #discardEnded} must follow. */
    public void discardStarted() {
        discards.incrementAndGet();
    }

    /** A part of such a body was read. */
    public void discarded(int bytes) {
        discardedBytes.increment(bytes);
    }

    /** The connection or stream of such a body is closed before its end. */
    public void discardCut() {
        discardsCut.increment();
    }

    /** Nothing more of such a body is read. */
    public void discardEnded() {
        discards.decrementAndGet();
    }

    private Counter counter(Refusal refusal) {
        return refusals.computeIfAbsent(refusal, this::register);
    }

    private Counter register(Refusal refusal) {
        return Counter.builder("runnel.refusals")
                .description("Requests that got an error status and became no generation")
                .tag("type", refusal.type())
                .tag("code", refusal.code())
                .register(registry);
    }
}
