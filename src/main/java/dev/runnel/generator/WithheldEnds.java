package dev.runnel.generator;

import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ends of generations whose consumer's node was not heard. If that node leaves the cluster, they are published.
 * Otherwise its consumer has published the end, or goes on. For one context.
 */
final class WithheldEnds {

    /** Hazelcast removes a member that is silent after 23 s at the latest. */
    private static final long KEPT_MILLIS = 60_000;

    private final Vertx vertx;
    private final boolean isLogged;
    private final Map<String, List<Ended>> byNode = new HashMap<>();
    /** A node's name is not used again. */
    private final Set<String> left = new HashSet<>();

    /** @param isLogged whether each published end has a line in the log */
    WithheldEnds(Vertx vertx, boolean isLogged) {
        this.vertx = vertx;
        this.isLogged = isLogged;
    }

    /** @param node of the consumer; empty if the end is never published */
    void add(String node, Ended ended) {
        if (left.contains(node)) {
            publish(ended);
        } else if (!node.isEmpty()) {
            byNode.computeIfAbsent(node, none -> new ArrayList<>()).add(ended);
            vertx.setTimer(KEPT_MILLIS, passed -> forget(node, ended));
        }
    }

    private void forget(String node, Ended ended) {
        List<Ended> ends = byNode.get(node);
        if (ends != null) {
            ends.remove(ended);
            if (ends.isEmpty()) {
                byNode.remove(node);
            }
        }
    }

    /** Its consumer has heard of the end of a run, and does not go on. */
    void consumerGone(String generationId, int epoch) {
        byNode.forEach((node, ends) -> ends.stream()
                .filter(ended -> ended.generationId().equals(generationId) && ended.epoch() == epoch)
                .findFirst()
                .ifPresent(ended -> {
                    ends.remove(ended);
                    publish(ended);
                }));
    }

    /** The node has left the cluster, and its consumers with it. */
    void left(String node) {
        left.add(node);
        List<Ended> ends = byNode.remove(node);
        if (ends != null) {
            ends.forEach(this::publish);
        }
    }

    private void publish(Ended ended) {
        vertx.eventBus().publish(Addresses.ENDED, ended);
        if (isLogged) {
            GenerationLog.write(ended, null);
        }
    }
}
