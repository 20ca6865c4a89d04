package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of a node of a cluster. Any thread. */
public final class ClusterMeters {

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
}
