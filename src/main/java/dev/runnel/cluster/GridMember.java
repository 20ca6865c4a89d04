package dev.runnel.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What steps need of the member that does them. Any thread.
 *
 * @param clock nanoseconds since 1970, about the same on all members
 * @param ledgers how many ledgers of keys this member has, as they were counted last
 */
record GridMember(LongSupplier clock, AtomicInteger ledgers) {

    /** The attribute of a member that holds Vert.x's name of the node (vertx-hazelcast 5.0.10). */
    static final String NODE = "__vertx.nodeId";

    /** The most keys whose ledgers one member has. */
    static final int MAX_LEDGERS = 100_000;

    private static final String NAME = "runnel.member";

    GridMember(LongSupplier clock) {
        this(clock, new AtomicInteger());
    }

    /** Whether this member may have one more ledger. */
    boolean hasRoom() {
        return ledgers.get() < MAX_LEDGERS;
    }

    /**
     * With the time of day as it is now. Later corrections of the machine's clock do not reach it: a step forward would
     * refill all limits.
     */
    static GridMember now(InstantSource time, LongSupplier nanos) {
        long start = TimeUnit.MILLISECONDS.toNanos(time.millis()) - nanos.getAsLong();
        return new GridMember(() -> start + nanos.getAsLong());
    }

    /** That of an instance, which got it with its settings. */
    static GridMember of(HazelcastInstance instance) {
        return (GridMember) Objects.requireNonNull(instance.getUserContext().get(NAME), NAME);
    }

    void addTo(Config config) {
        config.getUserContext().put(NAME, this);
    }

    /** Whether a node is a member, as this one sees it. Does not block. */
    static boolean isMember(HazelcastInstance instance, String node) {
        return instance.getCluster().getMembers().stream().anyMatch(member -> node.equals(member.getAttribute(NODE)));
    }
}
