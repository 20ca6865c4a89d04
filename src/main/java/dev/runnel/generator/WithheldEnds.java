package dev.runnel.generator;

import dev.runnel.client.BusFailures;
import dev.runnel.client.OtherNodes;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ends of generations whose consumers are on other nodes, until the consumer has acknowledged the end. If its node
 * leaves the cluster before, they are published. Otherwise its consumer decides, or goes on. For one context.
 */
final class WithheldEnds {

    /** Hazelcast removes a member that is silent after 23 s at the latest. */
    static final long KEPT_MILLIS = 60_000;
    /** A consumer of an older version does not acknowledge. */
    private static final long ANSWER_MILLIS = 10_000;
    /** Of both ends and nodes that have left. Above it the oldest is forgotten. */
    static final int MAX = 10_000;

    private final Vertx vertx;
    /** In the order of time. */
    private final Map<Run, Withheld> ends = new LinkedHashMap<>();
    /** In the order of time. */
    private final Set<String> left = new LinkedHashSet<>();
    /** A part of the cluster that is too small does not know whether the others go on. */
    private final Optional<OtherNodes> nodes;

    private record Run(String generationId, int epoch) {

        static Run of(Ended ended) {
            return new Run(ended.generationId(), ended.epoch());
        }
    }

    private static final class Withheld {

        private final String node;
        private final Ended ended;
        private final Consumer<Ended> onEnd;
        private boolean isDecidedElsewhere;
        private long timer;

        /** @param onEnd counts the end, if it is one */
        Withheld(String node, Ended ended, Consumer<Ended> onEnd) {
            this.node = node;
            this.ended = ended;
            this.onEnd = onEnd;
        }
    }

    WithheldEnds(Vertx vertx) {
        this.vertx = vertx;
        this.nodes = OtherNodes.of(vertx);
    }

    /**
     * An end is not published.
     *
     * @param node of the consumer; empty if the end is never published
     * @param onEnd is called if it is published later
     */
    void add(String node, Ended ended, Consumer<Ended> onEnd) {
        Withheld end = new Withheld(node, ended, onEnd);
        if (left.contains(node)) {
            publishIfEnough(end);
        } else if (!node.isEmpty()) {
            ends.put(Run.of(ended), end);
            end.timer = vertx.setTimer(KEPT_MILLIS, passed -> ends.remove(Run.of(ended), end));
            if (ends.size() > MAX) {
                remove(ends.keySet().iterator().next());
            }
        }
    }

    /**
     * As {@link #add}, for an end that is sent.
     *
     * @param acknowledged completes when the consumer has the end
     */
    void add(String node, Ended ended, Consumer<Ended> onEnd, Future<Void> acknowledged) {
        add(node, ended, onEnd);
        Run run = Run.of(ended);
        Withheld end = ends.get(run);
        if (end == null) {
            return;
        }
        long timer = vertx.setTimer(ANSWER_MILLIS, passed -> unanswered(run));
        acknowledged.onComplete(answer -> vertx.cancelTimer(timer));
        acknowledged.onSuccess(has -> consumerGone(run.generationId(), run.epoch()));
        acknowledged.onFailure(failure -> notAcknowledged(run, end, failure));
    }

    /** Its consumer is gone, or goes on without this run. Without an answer nothing is known yet. */
    private void notAcknowledged(Run run, Withheld end, Throwable failure) {
        if (BusFailures.isRefusal(failure)) {
            end.isDecidedElsewhere = true;
        } else if (BusFailures.hasNoReceiver(failure) && !end.isDecidedElsewhere && ends.get(run) == end) {
            remove(run);
            publishIfEnough(end);
        }
    }

    /** Its node was heard all the time, and the end was sent several times, so that the consumer has it. */
    private void unanswered(Run run) {
        Withheld end = ends.get(run);
        boolean isSilent =
                end != null && nodes.map(others -> others.isSilent(end.node)).orElse(false);
        if (end != null && !end.isDecidedElsewhere && !isSilent) {
            remove(run);
            publishIfEnough(end);
        }
    }

    private @Nullable Withheld remove(Run run) {
        Withheld end = ends.remove(run);
        if (end != null) {
            vertx.cancelTimer(end.timer);
        }
        return end;
    }

    /** Its consumer has heard of the end of a run, and does not go on. */
    void consumerGone(String generationId, int epoch) {
        Withheld end = remove(new Run(generationId, epoch));
        if (end != null) {
            publish(end);
        }
    }

    /** Its consumer goes on without this run and those before it. */
    void continued(String generationId, int epoch) {
        List.copyOf(ends.keySet()).stream()
                .filter(run -> run.generationId().equals(generationId) && run.epoch() <= epoch)
                .forEach(this::remove);
    }

    /** The node was heard again: its consumers decide. */
    void back(String node) {
        left.remove(node);
        ends.values().stream().filter(end -> end.node.equals(node)).forEach(end -> end.isDecidedElsewhere = true);
    }

    /** The node has left the cluster, and its consumers with it. */
    void left(String node) {
        left.add(node);
        if (left.size() > MAX) {
            Iterator<String> oldest = left.iterator();
            oldest.next();
            oldest.remove();
        }
        List<Withheld> ofNode =
                ends.values().stream().filter(end -> end.node.equals(node)).toList();
        ofNode.forEach(end -> remove(Run.of(end.ended)));
        ofNode.stream().filter(end -> !end.isDecidedElsewhere).forEach(this::publishIfEnough);
    }

    private void publishIfEnough(Withheld end) {
        if (nodes.map(OtherNodes::isAccepting).orElse(true)) {
            publish(end);
        }
    }

    private void publish(Withheld end) {
        vertx.eventBus().publish(Addresses.ENDED, end.ended);
        end.onEnd.accept(end.ended);
    }

    /** How many ends and nodes it knows. */
    int size() {
        return ends.size() + left.size();
    }
}
