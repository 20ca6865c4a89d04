package dev.runnel.cluster;

import dev.runnel.client.OtherNodes;
import dev.runnel.config.ClusterConfig;
import dev.runnel.limit.MeteredLimiter;
import dev.runnel.metric.ClusterMeters;
import dev.runnel.resume.GenerationDirectory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** This process as a node of a cluster. {@link #start} starts its Vert.x, {@link #join} makes it a member. */
public final class Cluster {

    private final ClusterConfig config;
    private final Grid grid;
    private final Vertx vertx;
    private volatile @Nullable Heartbeats heartbeats;
    private volatile @Nullable GridSteps steps;
    private volatile @Nullable NodeFacts facts;

    private Cluster(ClusterConfig config, Grid grid, Vertx vertx) {
        this.config = config;
        this.grid = grid;
        this.vertx = vertx;
    }

    /**
     * Starts Vert.x with a bus between nodes.
     *
     * @param options of Vert.x, to which those of the bus are added
     * @param further what else the builder needs
     * @return fails with a {@link ClusterException}
     */
    public static Future<Cluster> start(
            ClusterConfig config, VertxOptions options, UnaryOperator<VertxBuilder> further) {
        Grid grid = new Grid(config);
        VertxBuilder builder;
        try {
            builder = further.apply(Vertx.builder().with(options.setEventBusOptions(BusSettings.of(config))));
        } catch (ClusterException e) {
            return Future.failedFuture(e);
        }
        return builder.withClusterManager(grid.manager())
                .buildClustered()
                .recover(failure -> Future.failedFuture(explained(config, grid.joinLog(), failure)))
                .compose(vertx -> grid.joinLog().hasOtherName()
                        ? vertx.close().transform(closed -> Future.failedFuture(otherName(config)))
                        : Future.succeededFuture(new Cluster(config, grid, vertx)));
    }

    private static ClusterException otherName(ClusterConfig config) {
        return new ClusterException("cluster.name: " + config.name()
                + " (expected: the name that the members of cluster.members have, which is another)");
    }

    private static ClusterException explained(ClusterConfig config, JoinLog log, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = String.valueOf(cause.getMessage());
        if (log.hasOtherName()) {
            return otherName(config);
        }
        if (reason.contains("already in use")) {
            String ports = config.port() + " and " + config.busPort();
            return new ClusterException("cluster.port, cluster.busPort: " + ports + " (expected: free ports)", failure);
        }
        return new ClusterException(
                "cluster: this node could not join: " + log.refusal().orElse(reason), failure);
    }

    /** The Vert.x of this node. Its close leaves the cluster. */
    public Vertx vertx() {
        return vertx;
    }

    /** The bound port of this member. */
    public int port() {
        return grid.port();
    }

    /** Counts the limits of keys for all nodes. After {@link #join}. */
    public MeteredLimiter limiter() {
        return new GridLimiter(grid.self(), joined(steps), joined(facts).meters(), config, System::nanoTime);
    }

    private static <T> T joined(@Nullable T known) {
        return Objects.requireNonNull(known, "not joined");
    }

    /** The resumable generations of all nodes. After {@link #join}. */
    public GenerationDirectory directory() {
        return new SharedDirectory(
                vertx,
                new GridKeys(grid.self(), joined(steps)),
                node -> GridMember.isMember(grid.instance(), node),
                joined(heartbeats)::isWhole);
    }

    /**
     * Makes this node a member: it hears the others, and they hear it. Called once, before verticles of the service are
     * deployed.
     *
     * @return completes on the calling context when every member has answered and the revoked keys are known; fails
     *     with a {@link ClusterException}
     */
    public Future<Void> join(NodeFacts facts) {
        Context caller = vertx.getOrCreateContext();
        Promise<Void> joined = Promise.promise();
        // Verticles that are deployed on the context of another verticle would be undeployed with it.
        member(facts).onComplete(done -> caller.runOnContext(turn -> joined.handle(done)));
        return joined.future();
    }

    private Future<Void> member(NodeFacts facts) {
        this.facts = facts;
        boolean spreads = config.placement() == ClusterConfig.Placement.SPREAD;
        OtherNodes nodes = OtherNodes.install(vertx, grid.self(), spreads, config.continuing(), System::nanoTime);
        nodes.report((outcome, silenceNanos) ->
                facts.meters().continuation(ClusterMeters.Continuation.valueOf(outcome.name()), silenceNanos));
        facts.meters().watch(nodes::messagesUnderWay, nodes::bytesUnderWay, nodes.sent()::size);
        return vertx.executeBlocking(() -> ListedMembers.of(config))
                .compose(listed ->
                        member(new Heartbeats(grid.members(), nodes, facts, listed, System::nanoTime), facts));
    }

    private Future<Void> member(Heartbeats verticle, NodeFacts facts) {
        heartbeats = verticle;
        return vertx.deployVerticle(verticle)
                .compose(deployed -> verticle.joined())
                .compose(joined -> vertx.executeBlocking(() -> GridSteps.open(vertx, grid.instance(), facts.meters())))
                .onSuccess(opened -> steps = opened)
                .compose(opened -> shareRevocations(facts))
                .recover(failure -> Future.failedFuture(
                        failure instanceof ClusterException
                                ? failure
                                : new ClusterException("cluster: " + failure.getMessage(), failure)));
    }

    private Future<Void> shareRevocations(NodeFacts facts) {
        return vertx.deployVerticle(new SharedRevocations(facts.revocations(), facts.keyLifetime(), System::nanoTime))
                .mapEmpty();
    }

    /** Completes when there are enough members for the first time. */
    public Future<Void> ready() {
        Heartbeats verticle = heartbeats;
        return verticle == null ? Future.failedFuture("not joined") : verticle.ready();
    }

    /** Why this node accepts no new generations, one line for the operator; empty if it does. Any thread. */
    public Optional<String> problem() {
        Heartbeats verticle = heartbeats;
        return verticle == null ? Optional.of("this node has not joined its cluster yet") : verticle.problem();
    }
}
