package dev.runnel;

import dev.runnel.metric.WarmUpMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The warm-up of a service, for its readiness and its metrics. Any thread. */
final class RunningWarmUp {

    private final WarmUpTask task;
    private volatile boolean hasEnded;

    RunningWarmUp(WarmUpTask task, MeterRegistry registry) {
        this.task = task;
        new WarmUpMeters(registry).show(() -> task.progress().streams(), () -> hasEnded);
    }

    /** As {@link WarmUpTask#start}. */
    Future<Void> start(BooleanSupplier isBusy) {
        return task.start(isBusy).onComplete(ended -> hasEnded = true);
    }

    /** As {@link WarmUpTask#stop}. */
    Future<Void> stop() {
        return task.stop();
    }

    /** Why the service is not warm; empty if it is. */
    Optional<String> problem() {
        if (hasEnded) {
            return Optional.empty();
        }
        WarmUpTask.Progress now = task.progress();
        return Optional.of("the service is warming up: " + now.streams() + " of " + now.enough() + " streams");
    }
}
