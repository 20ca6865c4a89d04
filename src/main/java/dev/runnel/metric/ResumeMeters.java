package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.function.LongSupplier;

/** The meters of resumable generations. One for all verticle instances; any thread. */
public final class ResumeMeters {

    /** Why a request with an idempotency key, or a reader, was refused. */
    public enum Refusal {
        /** An earlier request with the key was not answered in time. */
        IN_PROGRESS,
        /** The key stands for another request. */
        MISMATCH,
        /** A cursor without a text that it belongs to. */
        DIVERGED,
        /** The generation has as many readers as it may have. */
        READERS,
        /** As many generations are kept as may be, and each of them runs or has a reader. */
        FULL
    }

    /** Why a kept text was dropped. */
    public enum Forgotten {
        /** It was kept for the retention time. */
        RETENTION,
        /** It was the oldest finished one over a bound. */
        BOUND,
        /** Its caller deleted it. */
        DELETED,
        /** The service stops. */
        CLOSED
    }

    private final MeterRegistry registry;
    private final Counter attached;
    private final Counter abandoned;
    private final Labelled<Counter> refused;
    private final Labelled<Counter> forgotten;

    public ResumeMeters(MeterRegistry registry) {
        this.registry = registry;
        attached = Counter.builder("runnel.resume.attached")
                .description("Readers that were attached to a resumable generation, the first one included")
                .register(registry);
        abandoned = Counter.builder("runnel.resume.abandoned")
                .description("Resumable generations that were cancelled because they had no reader for resume.grace")
                .register(registry);
        refused = new Labelled<>(
                EnumSet.allOf(Refusal.class),
                reason -> Counter.builder("runnel.resume.refused")
                        .description("Requests with an idempotency key, and readers, that were refused")
                        .tag("reason", reason)
                        .register(registry));
        forgotten = new Labelled<>(
                EnumSet.allOf(Forgotten.class),
                reason -> Counter.builder("runnel.resume.forgotten")
                        .description("Kept texts that were dropped")
                        .tag("reason", reason)
                        .register(registry));
    }

    /**
     * Registers gauges of what is kept now.
     *
     * @param generations kept generations, running and ended
     * @param bytes the memory of their texts, in bytes
     * @param readers attached readers
     * @param claims idempotency keys whose first request is not answered yet
     */
    public void show(LongSupplier generations, LongSupplier bytes, LongSupplier readers, LongSupplier claims) {
        gauge("runnel.resume.generations", "Resumable generations that are kept, running and ended", generations);
        Gauge.builder("runnel.resume.text.bytes", bytes::getAsLong)
                .description("Memory of the kept texts of resumable generations")
                .baseUnit("bytes")
                .register(registry);
        gauge("runnel.resume.readers", "Readers that are attached to resumable generations", readers);
        gauge("runnel.resume.claims", "Idempotency keys whose first request is not answered yet", claims);
    }

    private void gauge(String name, String description, LongSupplier value) {
        Gauge.builder(name, value::getAsLong).description(description).register(registry);
    }

    /** A reader was attached. */
    public void attached() {
        attached.increment();
    }

    /** A generation had no reader for the grace time. */
    public void abandoned() {
        abandoned.increment();
    }

    /** A request or a reader was refused. */
    public void refused(Refusal reason) {
        refused.of(reason).increment();
    }

    /** A kept text was dropped. */
    public void forgotten(Forgotten reason) {
        forgotten.of(reason).increment();
    }
}
