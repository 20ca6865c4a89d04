package dev.runnel.generator;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The ends of generations whose consumer's node was not heard. If that node leaves the cluster, they are published.
 * Otherwise its consumer has published the end, or goes on. For one context.
 */
final class WithheldEnds {

    /** Hazelcast removes a member that is silent after 23 s at the latest. */
    private static final long KEPT_MILLIS = 60_000;
    /** Of both ends and nodes that have left. Above it the oldest is forgotten. */
    static final int MOST = 10_000;

    private final Vertx vertx;
    private final boolean isLogged;
    /** In the order of time. */
    private final Map<Run, Withheld> ends = new LinkedHashMap<>();
    /** In the order of time. A node's name is not used again. */
    private final Set<String> left = new LinkedHashSet<>();
    /** A part of the cluster that is too small does not know whether the others go on. */
    private final Optional<OtherNodes> nodes;

    private record Run(String generationId, int epoch) {}

    /** @param onEnd counts the end, if it is one */
    private record Withheld(String node, Ended ended, Consumer<Ended> onEnd, boolean isDecidedElsewhere) {

        Withheld decidedElsewhere() {
            return new Withheld(node, ended, onEnd, true);
        }
    }

    /** @param isLogged whether each published end has a line in the log */
    WithheldEnds(Vertx vertx, boolean isLogged) {
        this.vertx = vertx;
        this.isLogged = isLogged;
        this.nodes = OtherNodes.of(vertx);
    }

    /**
     * An end is not published.
     *
     * @param node of the consumer; empty if the end is never published
     * @param onEnd is called if it is published later
     */
    void add(String node, Ended ended, Consumer<Ended> onEnd) {
        Withheld end = new Withheld(node, ended, onEnd, false);
        if (left.contains(node)) {
            publishIfEnough(end);
        } else if (!node.isEmpty()) {
            Run run = new Run(ended.generationId(), ended.epoch());
            ends.put(run, end);
            removeOldest(ends.keySet());
            vertx.setTimer(KEPT_MILLIS, passed -> ends.remove(run));
        }
    }

    private static void removeOldest(Set<?> all) {
        if (all.size() > MOST) {
            Iterator<?> oldest = all.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Its consumer has heard of the end of a run, and does not go on. */
    void consumerGone(String generationId, int epoch) {
        Withheld end = ends.remove(new Run(generationId, epoch));
        if (end != null) {
            publish(end);
        }
    }

    /** Its consumer goes on without this run and those before it. */
    void continued(String generationId, int epoch) {
        ends.keySet().removeIf(run -> run.generationId().equals(generationId) && run.epoch() <= epoch);
    }

    /** The node was heard again: its consumers decide. */
    void back(String node) {
        ends.replaceAll((run, end) -> end.node().equals(node) ? end.decidedElsewhere() : end);
    }

    /** The node has left the cluster, and its consumers with it. */
    void left(String node) {
        left.add(node);
        removeOldest(left);
        List<Withheld> its =
                ends.values().stream().filter(end -> end.node().equals(node)).toList();
        ends.values().removeAll(new HashSet<>(its));
        its.stream().filter(end -> !end.isDecidedElsewhere()).forEach(this::publishIfEnough);
    }

    private void publishIfEnough(Withheld end) {
        if (nodes.map(OtherNodes::isAccepting).orElse(true)) {
            publish(end);
        }
    }

    private void publish(Withheld end) {
        vertx.eventBus().publish(Addresses.ENDED, end.ended());
        if (isLogged) {
            GenerationLog.write(end.ended(), null);
        }
        end.onEnd().accept(end.ended());
    }

    /** How many ends and nodes it knows. */
    int size() {
        return ends.size() + left.size();
    }
}
