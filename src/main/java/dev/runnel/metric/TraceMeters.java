package dev.runnel.metric;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** The meters of the queue of spans. One for a process; any thread. */
public final class TraceMeters {

    private final MeterRegistry registry;

    public TraceMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Registers the gauge of the queue.
     *
     * @param most the bound of the queue
     */
    public void queue(LongSupplier waiting, int most) {
        Gauge.builder("runnel.trace.spans.waiting", waiting::getAsLong)
                .description("Spans that wait to be sent, at most " + most)
                .register(registry);
    }

    /**
     * Registers the counters of what became of the spans.
     *
     * @param spans has the counts; the registry does not keep it
     * @param sent spans that the receiver has accepted
     * @param failed spans that could not be sent
     * @param dropped spans that found the queue full
     */
    public <T> void outcomes(
            T spans, ToDoubleFunction<T> sent, ToDoubleFunction<T> failed, ToDoubleFunction<T> dropped) {
        outcome("sent", spans, sent);
        outcome("failed", spans, failed);
        outcome("dropped", spans, dropped);
    }

    private <T> void outcome(String outcome, T spans, ToDoubleFunction<T> count) {
        FunctionCounter.builder("runnel.trace.spans", spans, count)
                .description("Spans that no longer wait to be sent, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }
}
