package dev.runnel.client;

import dev.runnel.message.Heartbeat;
import dev.runnel.message.ModelPlaces;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One other node, as its last heartbeat described it. Any thread. */
final class OtherNode {

    /** The clocks of two machines may drift by 1 ms a second, which is more than real ones do. */
    private static final long DRIFT_MILLIS = 1;

    /** Submits are answered as soon as the prompt is counted. */
    static final int MAX_UNANSWERED = 64;

    private final Heartbeat last;
    /** The most that its clock was seen ahead of this node's: from the heartbeat that was under way the shortest. */
    private final long aheadMillis;
    /** Generators that it has had. A node that drains names none, and still runs what it has accepted. */
    private final Set<String> everyGenerator;
    /** What was sent there since the heartbeat, by model. */
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    /** How many submits it has not answered. */
    private final AtomicInteger unanswered;
    /** Whether it did not answer a submit in time since the heartbeat. */
    private volatile boolean isSilent;

    private OtherNode(Heartbeat last, long aheadMillis, Set<String> everyGenerator, AtomicInteger unanswered) {
        this.last = last;
        this.aheadMillis = aheadMillis;
        this.everyGenerator = Set.copyOf(everyGenerator);
        this.unanswered = unanswered;
    }

    /**
     * @param before what was known of the node
     * @param nowMillis this node's clock
     */
    static OtherNode heard(Heartbeat heartbeat, @Nullable OtherNode before, long nowMillis) {
        long ahead = heartbeat.clockMillis() - nowMillis;
        Set<String> generators = new HashSet<>(heartbeat.generators());
        if (before == null) {
            return new OtherNode(heartbeat, ahead, generators, new AtomicInteger());
        }
        generators.addAll(before.everyGenerator);
        long aheadMillis = Math.max(ahead, before.aheadMillis - DRIFT_MILLIS);
        return new OtherNode(heartbeat, aheadMillis, generators, before.unanswered);
    }

    String name() {
        return last.node();
    }

    List<ModelPlaces> models() {
        return last.models();
    }

    Set<String> everyGenerator() {
        return everyGenerator;
    }

    /**
     * The node's clock now, at most so much too early as its quickest heartbeat was under way.
     *
     * @param nowMillis this node's clock
     */
    long clockMillis(long nowMillis) {
        return nowMillis + aheadMillis;
    }

    /** The free places of a model; empty if the node accepts no generation of it. */
    Optional<Integer> free(String model) {
        if (last.generators().isEmpty()) {
            return Optional.empty();
        }
        for (ModelPlaces places : last.models()) {
            if (model.isEmpty() ? places.isDefault() : places.model().equals(model)) {
                return Optional.of(places.free() - sent.getOrDefault(model, 0));
            }
        }
        return Optional.empty();
    }

    /** A submit was sent there. {@link #answered} is called once after it. */
    void sent(String model) {
        sent.merge(model, 1, Integer::sum);
        unanswered.incrementAndGet();
    }

    void answered(boolean inTime) {
        unanswered.updateAndGet(count -> Math.max(0, count - 1));
        isSilent |= !inTime;
    }

    /** Whether it may get a submit: no queue of submits grows for a node that does not read. */
    boolean isAnswering() {
        return !isSilent && unanswered.get() < MAX_UNANSWERED;
    }

    String anyGenerator(RandomGenerator random) {
        List<String> generators = last.generators();
        return generators.get(random.nextInt(generators.size()));
    }
}
