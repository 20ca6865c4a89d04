package dev.runnel;

import dev.runnel.engine.EngineListener;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.metric.UpstreamMeters;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Counts the events of upstream servers, and passes every event on. */
final class MeteredListener implements EngineListener {

    private final EngineListener next;
    private final UpstreamMeters meters;

    MeteredListener(EngineListener next, UpstreamMeters meters) {
        this.next = next;
        this.meters = meters;
    }

    @Override
    public void fetched(String model, long doneBytes, long totalBytes) {
        next.fetched(model, doneBytes, totalBytes);
    }

    @Override
    public void notice(String model, String line) {
        next.notice(model, line);
    }

    @Override
    public void loading(String model) {
        next.loading(model);
    }

    @Override
    public void upstreamKnown(String model, String upstream, IntSupplier running, BooleanSupplier available) {
        meters.show(model, upstream, running, available);
        next.upstreamKnown(model, upstream, running, available);
    }

    @Override
    public void upstreamAnswered(String model, String upstream, UpstreamOutcome outcome) {
        meters.answered(model, upstream, outcome);
        next.upstreamAnswered(model, upstream, outcome);
    }

    @Override
    public void upstreamRetried(String model, String upstream) {
        meters.retried(model, upstream);
        next.upstreamRetried(model, upstream);
    }

    @Override
    public void upstreamCircuitOpened(String model, String upstream, Duration pause) {
        meters.circuitOpened(model, upstream);
        next.upstreamCircuitOpened(model, upstream, pause);
    }
}
