package dev.runnel.generator;

import dev.runnel.client.BusFailures;
import dev.runnel.client.OtherNodes;
import dev.runnel.client.PublishDecision;
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
import java.util.function.Supplier;
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
    /** After a node has noticed that it was cut off or removed. */
    private static final long CLOSED_MILLIS = 1_000;
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

    /**
     * Where a consumer is.
     *
     * @param node its node; empty if the consumer is gone, and decides nothing any more
     * @param inbox the address of its inbox
     */
    record Place(String node, String inbox) {

        /** Whether its consumer is gone. */
        boolean isLost() {
            return node.isEmpty();
        }
    }

    /**
     * An end that is not published yet.
     *
     * @param onEnd counts the end, if it is one
     * @param delivery sends the account; completes when the consumer has it, with what confirms to it that it is
     *     published
     */
    record End(Place consumer, Ended ended, Consumer<Ended> onEnd, Supplier<Future<Runnable>> delivery) {}

    private static final class Withheld {

        private final End end;
        /** Whether its consumer is asked. */
        private boolean isSent;

        private boolean isDecidedElsewhere;
        private long timer;

        Withheld(End end) {
            this.end = end;
        }

        boolean isOn(String node) {
            return end.consumer().node().equals(node);
        }
    }

    WithheldEnds(Vertx vertx) {
        this.vertx = vertx;
        this.nodes = OtherNodes.of(vertx);
    }

    /** An end of which the consumer has heard nothing, or only a failure of the run. */
    void add(End end) {
        Run run = Run.of(end.ended());
        Withheld withheld = enter(run, end);
        if (end.consumer().isLost() || left.contains(end.consumer().node())) {
            decide(run, withheld);
        }
    }

    /** As {@link #add}, for an end that the consumer has. It gets the account too. */
    void deliver(End end) {
        add(end);
        Run run = Run.of(end.ended());
        Withheld withheld = ends.get(run);
        if (withheld != null) {
            deliver(run, withheld);
        }
    }

    /** As {@link #add}. It is published only if its consumer says so. */
    void leaveToConsumer(End end) {
        enter(Run.of(end.ended()), end).isDecidedElsewhere = true;
    }

    private Withheld enter(Run run, End end) {
        Withheld withheld = new Withheld(end);
        ends.put(run, withheld);
        withheld.timer = vertx.setTimer(KEPT_MILLIS, passed -> ends.remove(run, withheld));
        if (ends.size() > MAX) {
            remove(ends.keySet().iterator().next());
        }
        return withheld;
    }

    /** Asks the consumer, which may have published an account of its own meanwhile. */
    private void deliver(Run run, Withheld withheld) {
        withheld.isSent = true;
        long timer = vertx.setTimer(ANSWER_MILLIS, passed -> unanswered(run));
        Future<Runnable> acknowledged = withheld.end.delivery().get();
        acknowledged.onComplete(answer -> vertx.cancelTimer(timer));
        acknowledged.onSuccess(confirmation -> {
            publish(run);
            confirmation.run();
        });
        acknowledged.onFailure(failure -> {
            withheld.isSent = false;
            if (BusFailures.isDecided(failure)) {
                remove(run);
            } else if (BusFailures.isRefusal(failure)) {
                withheld.isDecidedElsewhere = true;
            } else if (BusFailures.hasNoReceiver(failure)) {
                vertx.setTimer(CLOSED_MILLIS, passed -> unanswered(run));
            }
        });
    }

    /** If its node was heard all the time, the consumer has it, or is closed. */
    private void unanswered(Run run) {
        Withheld withheld = ends.get(run);
        boolean isSilent = withheld != null
                && nodes.map(others -> others.isSilent(withheld.end.consumer().node()))
                        .orElse(false);
        if (withheld != null && !isSilent) {
            decide(run, withheld);
        }
    }

    private @Nullable Withheld remove(Run run) {
        Withheld end = ends.remove(run);
        if (end != null) {
            vertx.cancelTimer(end.timer);
        }
        return end;
    }

    /** It is the end of the generation: its consumer has it, or another one has followed. */
    private void publish(Run run) {
        Withheld withheld = remove(run);
        if (withheld != null) {
            publish(withheld.end);
        }
    }

    /** Another consumer has followed. */
    void adopted(String generationId, int epoch) {
        publish(new Run(generationId, epoch));
    }

    /** Its consumer does not go on with a run. It may have said so long ago. */
    void consumerGone(String generationId, int epoch) {
        Run run = new Run(generationId, epoch);
        Withheld withheld = ends.get(run);
        if (withheld != null && !withheld.isSent) {
            withheld.isDecidedElsewhere = false;
            deliver(run, withheld);
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
        ends.values().stream().filter(end -> end.isOn(node)).forEach(end -> end.isDecidedElsewhere = true);
    }

    /** The node has left the cluster, and its consumers with it. */
    void left(String node) {
        left.add(node);
        if (left.size() > MAX) {
            Iterator<String> oldest = left.iterator();
            oldest.next();
            oldest.remove();
        }
        List.copyOf(ends.entrySet()).stream()
                .filter(end -> end.getValue().isOn(node))
                .forEach(end -> {
                    if (end.getValue().isDecidedElsewhere) {
                        remove(end.getKey());
                    } else {
                        decide(end.getKey(), end.getValue());
                    }
                });
    }

    /** No message of its consumer is awaited any more. */
    private void decide(Run run, Withheld withheld) {
        PublishDecision.of(vertx, nodes.orElseThrow(), new PublishDecision.Account() {

            @Override
            public boolean isOpen() {
                return ends.get(run) == withheld && !withheld.isDecidedElsewhere;
            }

            @Override
            public void publish() {
                WithheldEnds.this.publish(run);
                // A consumer that is there after all publishes no account of its own.
                vertx.eventBus().send(withheld.end.consumer().inbox(), withheld.end.ended());
            }

            @Override
            public void leaveToOthers() {
                remove(run);
            }
        });
    }

    private void publish(End end) {
        vertx.eventBus().publish(Addresses.ENDED, end.ended());
        end.onEnd().accept(end.ended());
    }

    /** How many ends and nodes it knows. */
    int size() {
        return ends.size() + left.size();
    }
}
