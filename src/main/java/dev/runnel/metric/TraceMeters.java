package dev.runnel.metric;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** The meters of the spans that are sent to a receiver of traces. */
public final class TraceMeters {

    private TraceMeters() {}

    /**
     * Registers them.
     *
     * @param sent spans that the receiver has accepted
     * @param lost spans that found the queue full, or that the receiver did not accept
     * @param waiting spans in the queue
     */
    public static void show(MeterRegistry registry, LongSupplier sent, LongSupplier lost, LongSupplier waiting) {
        counter(registry, "sent", sent);
        counter(registry, "lost", lost);
        Gauge.builder("runnel.trace.waiting", waiting::getAsLong)
                .description("Spans that wait to be sent")
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String outcome, LongSupplier spans) {
        FunctionCounter.builder("runnel.trace.spans", spans, LongSupplier::getAsLong)
                .description("Spans that were sent, or lost because the receiver was too slow or away")
                .tag("outcome", outcome)
                .register(registry);
    }
}
