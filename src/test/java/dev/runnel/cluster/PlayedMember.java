package dev.runnel.cluster;

import dev.runnel.client.OtherNodes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The heartbeats of one node of a cluster whose grid a test plays. */
public final class PlayedMember {

    private final Vertx vertx;
    private final Heartbeats heartbeats;

    /**
     * The grid, as one node sees it.
     *
     * @param members the addresses of the members by their nodes, this one included
     * @param onChange makes an action run after each change of them
     */
    public record View(Supplier<Map<String, String>> members, Consumer<Runnable> onChange) {}

    /**
     * Prepares a node.
     *
     * @param listed how many members the configuration lists besides this node
     * @param minimum how many there must be
     */
    public PlayedMember(
            Vertx vertx, View view, OtherNodes nodes, NodeFacts facts, int listed, int minimum, LongSupplier nanos) {
        this.vertx = vertx;
        this.heartbeats = new Heartbeats(
                new Members(view.members(), view.onChange(), () -> false),
                nodes,
                facts,
                new ListedMembers(listed, minimum),
                nanos);
    }

    /** As {@link Cluster#join}. */
    public Future<Void> join() {
        Context caller = vertx.getOrCreateContext();
        Promise<Void> joined = Promise.promise();
        vertx.deployVerticle(heartbeats)
                .compose(deployed -> heartbeats.joined())
                .onComplete(done -> caller.runOnContext(turn -> joined.handle(done)));
        return joined.future();
    }

    /** As {@link Cluster#problem}. */
    public Optional<String> problem() {
        return heartbeats.problem();
    }

    public boolean isWhole() {
        return heartbeats.isWhole();
    }
}
