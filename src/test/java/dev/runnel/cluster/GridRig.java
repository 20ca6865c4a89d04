package dev.runnel.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import dev.runnel.config.ClusterConfig;
import dev.runnel.config.ClusterConfig.Placement;
import dev.runnel.config.ClusterConfig.WithoutAnswer;
import dev.runnel.metric.ClusterMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Members of Hazelcast in the test's process, with its settings and a clock that the test moves. */
final class GridRig implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(5);

    final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private final Vertx vertx;
    private final List<Member> members = new ArrayList<>();
    private int lastKey;

    /** Opened when the partition is held. */
    private static volatile CountDownLatch blocked = new CountDownLatch(0);
    /** Releases the partition that {@link #block} holds. */
    private static volatile CountDownLatch unblocked = new CountDownLatch(0);

    GridRig(Vertx vertx) {
        this.vertx = vertx;
    }

    record Member(String name, HazelcastInstance instance, MeterRegistry registry, ClusterMeters meters) {

        int port() {
            return instance.getCluster().getLocalMember().getAddress().getPort();
        }

        double steps(String outcome) {
            return registry.get("runnel.cluster.steps")
                    .tag("outcome", outcome)
                    .counter()
                    .count();
        }
    }

    Member start(String name) {
        return start(name, config -> {});
    }

    /** @param further changes the settings */
    Member start(String name, Consumer<Config> further) {
        List<String> others =
                members.stream().map(member -> "127.0.0.1:" + member.port()).toList();
        Config config = GridSettings.of(config(others, WithoutAnswer.SHARE, LONG));
        further.accept(config);
        config.getMemberAttributeConfig().setAttribute(GridMember.NODE, name);
        new GridMember(nanos::get).addTo(config);
        var registry = new SimpleMeterRegistry();
        var member = new Member(name, Hazelcast.newHazelcastInstance(config), registry, new ClusterMeters(registry));
        members.add(member);
        // Members share the partitions with the first use.
        member.instance().getMap("first use").put(name, name);
        return member;
    }

    static ClusterConfig config(List<String> others, WithoutAnswer limits, Duration decision) {
        return new ClusterConfig(
                "rig",
                "127.0.0.1",
                0,
                0,
                others,
                Optional.empty(),
                Optional.empty(),
                Placement.SPREAD,
                limits,
                decision,
                4,
                Optional.empty());
    }

    GridSteps steps(Member member) {
        return GridSteps.open(vertx, member.instance(), member.meters());
    }

    GridLimiter limiter(Member member, WithoutAnswer limits, Duration decision) {
        ClusterConfig config = config(List.of(), limits, decision);
        return new GridLimiter(member.name(), steps(member), member.meters(), config, nanos::get);
    }

    /** Waits. A task of a member that was terminated may end with an exception on a thread of its own. */
    static ConditionFactory eventually() {
        return Awaitility.await().atMost(30, TimeUnit.SECONDS).dontCatchUncaughtExceptions();
    }

    /** A fresh key whose ledger a member has. */
    String keyOf(Member member) {
        while (true) {
            String key = "key" + ++lastKey;
            var owner =
                    member.instance().getPartitionService().getPartition(key).getOwner();
            if (owner.getUuid()
                    .equals(member.instance().getCluster().getLocalMember().getUuid())) {
                return key;
            }
        }
    }

    /** Makes the member that has a key silent for this key. No later step of any member is answered. */
    void block(String key) throws InterruptedException {
        blocked = new CountDownLatch(1);
        unblocked = new CountDownLatch(1);
        members.get(0).instance().getMap("blocked").submitToKey(key, new Blocker());
        if (!blocked.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the partition of " + key + " is not held");
        }
    }

    static void unblock() {
        unblocked.countDown();
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
        unblock();
        members.forEach(member -> member.instance().getLifecycleService().terminate());
    }

    /** Holds the thread of a partition. */
    private static final class Blocker implements EntryProcessor<Object, Object, Object> {

        private static final long serialVersionUID = 1L;

        @Override
        public Object process(Map.Entry<Object, Object> entry) {
            blocked.countDown();
            try {
                unblocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }
    }
}
