package dev.runnel.client;

import dev.runnel.message.Ended;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The ends that a client has acknowledged, until their generators on other nodes have confirmed that they have
 * published them. If a generator's process has ended before, its ends are published here. A process that does not run
 * publishes them when it runs again: nothing is published here for a node that was silent before it left. Belongs to
 * the client's context.
 */
final class AcknowledgedEnds {

    /** Of ends and of nodes. Above it the oldest is forgotten. */
    static final int MAX = 10_000;

    /** A generator confirms at once. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(30);

    /** What a process has sent before its end arrives within this time. This node has noticed then if it is cut off. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final OtherNodes nodes;
    private final Consumer<Ended> publishing;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(CONFIRMATION.toMillis());
    /** By generation, in the order of time. */
    private final Map<String, Acknowledged> ends = new LinkedHashMap<>();
    /** Whose processes have ended, in the order of time. */
    private final Set<String> died = new LinkedHashSet<>();

    /** @param node of the generator */
    private record Acknowledged(String node, Ended ended) {}

    /** @param publishing publishes an account */
    AcknowledgedEnds(Vertx vertx, OtherNodes nodes, Consumer<Ended> publishing) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.publishing = publishing;
    }

    /**
     * Acknowledges an end.
     *
     * @param message asks for that
     * @param node of the generator, which confirms the publication
     */
    void acknowledge(Message<Object> message, Ended ended, String node) {
        String id = ended.generationId();
        var end = new Acknowledged(node, ended);
        ends.put(id, end);
        removeOldest(ends.keySet());
        message.replyAndRequest(null, options).onComplete(confirmed -> ends.remove(id, end));
        if (died.contains(node)) {
            publishLater(id, end);
        }
    }

    /** The node of the generator of an unconfirmed end, which may come again; empty without such an end. */
    String generatorNode(String id) {
        Acknowledged end = ends.get(id);
        return end == null ? "" : end.node();
    }

    private static void removeOldest(Set<String> all) {
        if (all.size() > MAX) {
            Iterator<String> oldest = all.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** The process of a node has ended. */
    void died(String node) {
        died.add(node);
        removeOldest(died);
        List.copyOf(ends.entrySet()).stream()
                .filter(end -> end.getValue().node().equals(node))
                .forEach(end -> publishLater(end.getKey(), end.getValue()));
    }

    private void publishLater(String id, Acknowledged end) {
        vertx.setTimer(
                REST.toMillis(),
                passed -> PublishDecision.of(vertx, nodes, new PublishDecision.Account() {

                    @Override
                    public boolean isOpen() {
                        return end.equals(ends.get(id));
                    }

                    @Override
                    public void publish() {
                        ends.remove(id);
                        publishing.accept(end.ended());
                    }

                    @Override
                    public void leaveToOthers() {
                        ends.remove(id);
                    }
                }));
    }

    /** How many are not confirmed. */
    int size() {
        return ends.size();
    }
}
