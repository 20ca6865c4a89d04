package dev.runnel.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.runnel.metric.ClusterMeters;
import dev.runnel.metric.ClusterMeters.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends steps to the members that have the entries. Nothing waits longer than its time, and no queue grows for a member
 * that does not answer. Any thread; futures complete on the calling context.
 */
final class GridSteps {

    private static final Logger LOG = LoggerFactory.getLogger(GridSteps.class);

    /** The most late steps to one member. At this number none is sent until one is answered or has failed. */
    static final int MAX_LATE = 64;
    /** The most steps that must be done and wait, 1 KB each. */
    private static final int MAX_DELIVERIES = 20_000;

    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** With the time that Hazelcast tries itself, several minutes: a silent member is removed within 25 s. */
    private static final int MAX_TRIES = 60;

    private static final Duration COUNTED = Duration.ofSeconds(1);

    /** A step was not sent, and no answer follows. */
    static final class NotSentException extends TimeoutException {

        private static final long serialVersionUID = 1L;

        private NotSentException(String message) {
            super(message);
        }
    }

    private final Vertx vertx;
    private final HazelcastInstance instance;
    private final ClusterMeters meters;
    private final Map<Table, IMap<String, byte[]>> maps = new EnumMap<>(Table.class);
    /** Of members, and for a second of those that have left. */
    private final Map<UUID, AtomicInteger> lateByOwner = new ConcurrentHashMap<>();

    private final AtomicInteger deliveries = new AtomicInteger();

    private GridSteps(Vertx vertx, HazelcastInstance instance, ClusterMeters meters) {
        this.vertx = vertx;
        this.instance = instance;
        this.meters = meters;
    }

    /** Blocks: makes the maps known to all members. */
    static GridSteps open(Vertx vertx, HazelcastInstance instance, ClusterMeters meters) {
        var steps = new GridSteps(vertx, instance, meters);
        Stream.of(Table.values()).forEach(table -> steps.maps.put(table, instance.getMap(table.mapName())));
        steps.countLater();
        return steps;
    }

    /** How many members there are, those included that do not answer. */
    int members() {
        return Math.max(1, instance.getCluster().getMembers().size());
    }

    /** How many ledgers this member has, as they were counted last. */
    int ledgers() {
        return GridMember.of(instance).ledgers().get();
    }

    private void countLater() {
        vertx.setTimer(
                COUNTED.toMillis(),
                passed -> vertx.executeBlocking(this::count).onComplete(counted -> {
                    if (instance.getLifecycleService().isRunning()) {
                        countLater();
                    }
                }));
    }

    /** Blocks: it visits all partitions. */
    int count() {
        boolean isRunning = instance.getLifecycleService().isRunning();
        if (isRunning) {
            forgetThoseThatLeft();
        }
        int count = isRunning ? (int) map(Table.LIMITS).getLocalMapStats().getOwnedEntryCount() : 0;
        GridMember.of(instance).ledgers().set(count);
        return count;
    }

    /** A late step to one of them still has its counter. A member that comes back has another id. */
    private void forgetThoseThatLeft() {
        lateByOwner
                .keySet()
                .retainAll(instance.getCluster().getMembers().stream()
                        .map(Member::getUuid)
                        .collect(Collectors.toSet()));
    }

    /** For how many members late steps are counted. For tests of what is forgotten. */
    int owners() {
        return lateByOwner.size();
    }

    private IMap<String, byte[]> map(Table table) {
        return Objects.requireNonNull(maps.get(table));
    }

    /**
     * Does a step, if the member that has the entry answers in time.
     *
     * @param late runs if the step was sent and failed here: with the answer that came too late, or without one. The
     *     step may have been done.
     * @return fails without an answer in time
     */
    Future<byte[]> run(Table table, String key, byte[] step, Duration within, Runnable late) {
        AtomicInteger lateOnes = lateOnes(key);
        if (lateOnes.get() >= MAX_LATE) {
            meters.step(Outcome.SKIPPED);
            return Future.failedFuture(new NotSentException("too many steps are not answered"));
        }
        Context context = vertx.getOrCreateContext();
        Promise<byte[]> answered = Promise.promise();
        meters.stepStarted();
        long timer = vertx.setTimer(within.toMillis(), passed -> {
            meters.step(Outcome.LATE);
            lateOnes.incrementAndGet();
            answered.fail(new TimeoutException("no answer within " + within.toMillis() + " ms"));
        });
        send(table, key, step).whenComplete((answer, failure) -> {
            meters.stepEnded();
            context.runOnContext(turn -> {
                if (!vertx.cancelTimer(timer)) {
                    lateOnes.decrementAndGet();
                    late.run();
                } else if (failure == null) {
                    meters.step(Outcome.ANSWERED);
                    answered.complete(answer);
                } else {
                    meters.step(Outcome.FAILED);
                    answered.fail(failure);
                    late.run();
                }
            });
        });
        return answered.future();
    }

    private AtomicInteger lateOnes(String key) {
        var owner = instance.getPartitionService().getPartition(key).getOwner();
        return owner == null
                ? new AtomicInteger()
                : lateByOwner.computeIfAbsent(owner.getUuid(), unknown -> new AtomicInteger());
    }

    private CompletionStage<byte[]> send(Table table, String key, byte[] step) {
        try {
            return map(table).submitToKey(key, new StepProcessor(table, step));
        } catch (RuntimeException e) {
            // This node leaves the cluster.
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Does a step that must be done, and does it again until it was. It may be done twice.
     *
     * @param over runs when it was done, or is given up
     */
    void deliver(Table table, String key, byte[] step, Runnable over) {
        if (deliveries.incrementAndGet() > MAX_DELIVERIES) {
            deliveries.decrementAndGet();
            meters.step(Outcome.DROPPED);
            over.run();
            return;
        }
        meters.stepStarted();
        deliver(() -> send(table, key, step), over, 1);
    }

    private void deliver(Supplier<CompletionStage<byte[]>> step, Runnable over, int tries) {
        step.get().whenComplete((answer, failure) -> {
            boolean isOver = failure == null
                    || tries >= MAX_TRIES
                    || !instance.getLifecycleService().isRunning();
            if (isOver) {
                delivered(failure);
                over.run();
            } else {
                vertx.setTimer(AGAIN.toMillis(), passed -> deliver(step, over, tries + 1));
            }
        });
    }

    private void delivered(@Nullable Throwable failure) {
        deliveries.decrementAndGet();
        meters.stepEnded();
        meters.step(failure == null ? Outcome.ANSWERED : Outcome.DROPPED);
        if (failure != null) {
            LOG.debug("a step of the cluster was not done: {}", failure.getMessage());
        }
    }
}
