package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

/** The meters of a node of a cluster. Any thread. */
public final class ClusterMeters {

    private final Labelled<Counter> continuations;
    private final Timer silence;
    private final Counter frozen;
    private volatile int members = 1;
    private volatile boolean isAlone;

    public ClusterMeters(MeterRegistry registry) {
        Gauge.builder("runnel.cluster.members", () -> members)
                .description("Members of the cluster that answer, this node included")
                .register(registry);
        Gauge.builder("runnel.cluster.alone", () -> isAlone ? 1 : 0)
                .description("Whether this node is alone although other members are listed: 1 or 0")
                .register(registry);
        frozen = Counter.builder("runnel.cluster.frozen")
                .description("How often this process did not run for more than a second")
                .register(registry);
        continuations = new Labelled<>(
                EnumSet.allOf(Continuation.class),
                outcome -> Counter.builder("runnel.cluster.continuations")
                        .description("Generations whose generator was gone, by what became of them")
                        .tag("outcome", outcome)
                        .register(registry));
        silence = Timer.builder("runnel.cluster.continuation.silence")
                .description("Time between the last message of a generation whose generator was gone and its next one")
                .serviceLevelObjectives(Buckets.PAUSE)
                .register(registry);
    }

    /** What became of a generation whose generator was gone. */
    public enum Continuation {
        /** Another generator has gone on with it. */
        CONTINUED,
        /** Its own generator was only slow. */
        RETURNED,
        /** No other generator has gone on with it. */
        LOST,
        /** It was cancelled before another generator has gone on with it. */
        CANCELLED
    }

    /** The members have changed. */
    public void show(int count, boolean alone) {
        members = count;
        isAlone = alone;
    }

    /** This process did not run for more than a second. */
    public void frozen() {
        frozen.increment();
    }

    /**
     * A generation whose generator was gone goes on, or does not.
     *
     * @param silentNanos since its last message before
     */
    public void continuation(Continuation outcome, long silentNanos) {
        continuations.of(outcome).increment();
        if (outcome == Continuation.CONTINUED) {
            silence.record(silentNanos, TimeUnit.NANOSECONDS);
        }
    }
}
