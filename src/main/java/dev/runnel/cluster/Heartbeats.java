package dev.runnel.cluster;

import dev.runnel.client.OtherNodes;
import dev.runnel.client.SentNumbers;
import dev.runnel.message.Addresses;
import dev.runnel.message.Heard;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.codec.MalformedMessageException;
import dev.runnel.message.codec.MessageCodecs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends heartbeats to the other members and hears theirs. A member counts once it has answered one: only then messages
 * pass in both directions, and both nodes accept each other. Has an event loop of its own, so that no stream delays a
 * heartbeat.
 */
final class Heartbeats extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private static final Duration TICK = Duration.ofMillis(250);
    private static final int TICKS_PER_BEAT = 4;
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** Within this time every member has answered, or this node does not start. */
    private static final Duration JOIN = Duration.ofSeconds(10);
    /** A generator gives a silent consumer up earlier than a consumer a silent generator. */
    static final Duration CONSUMERS_GONE = Duration.ofSeconds(4);

    static final Duration GONE = Duration.ofSeconds(5);
    /** Two heartbeats may be late. */
    private static final Duration LATELY = Duration.ofMillis(2_500);
    /** A tick that is so late shows that this process did not run. */
    static final Duration FROZEN = Duration.ofSeconds(1);
    /** Hazelcast sends a heartbeat a second, and removes a member 15 s after the last one at the earliest. */
    static final Duration REMOVED = Duration.ofSeconds(13);
    /** Within this time Hazelcast learns that this member was removed. */
    private static final Duration DOUBT = Duration.ofSeconds(5);

    private final Members grid;
    private final OtherNodes nodes;
    private final NodeFacts facts;
    private final ListedMembers listed;
    private final LongSupplier nanos;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(ANSWER.toMillis());
    private final Map<String, Peer> peers = new HashMap<>();
    private final Promise<Void> joined = Promise.promise();
    private final Promise<Void> ready = Promise.promise();

    private @Nullable MessageConsumer<Object> consumer;
    private long lastTickNanos;
    private long ticks;

    /** From then on an answer or a change of members changes nothing. */
    private boolean isStopped;

    private long doubtTimer = -1;
    /** Whether others may have removed this node, and its part of the grid is outdated. */
    private volatile boolean isDoubtful;

    private volatile int members = 1;
    private volatile Optional<String> problem = Optional.of("this node has not joined its cluster yet");

    /** @param nanos a monotonic clock, in nanoseconds */
    Heartbeats(Members grid, OtherNodes nodes, NodeFacts facts, ListedMembers listed, LongSupplier nanos) {
        this.grid = grid;
        this.nodes = nodes;
        this.facts = facts;
        this.listed = listed;
        this.nanos = nanos;
    }

    /** Completes when every member has answered. Fails with a {@link ClusterException}. */
    Future<Void> joined() {
        return joined.future();
    }

    /** Completes when there are enough members for the first time. */
    Future<Void> ready() {
        return ready.future();
    }

    /** Why this node accepts no new generations; empty if it does. Any thread. */
    Optional<String> problem() {
        return problem;
    }

    /** Whether there are enough members, for the grid too. What it says with fewer is not known to all. Any thread. */
    boolean isWhole() {
        return !isDoubtful
                && !grid.isMerging().getAsBoolean()
                && nodes.isAccepting()
                && grid.now().get().size() >= listed.minimum();
    }

    /** How many members answer, this one included. Any thread. */
    int members() {
        return members;
    }

    @Override
    public Future<?> start() {
        MessageCodecs.register(vertx.eventBus());
        lastTickNanos = nanos.getAsLong();
        facts.meters().require(listed.minimum());
        MessageConsumer<Object> listening = vertx.eventBus().consumer(Addresses.node(nodes.self()), this::receive);
        consumer = listening;
        return listening.completion().onSuccess(registered -> {
            grid.onChange().accept(() -> context.runOnContext(turn -> changed()));
            vertx.setPeriodic(TICK.toMillis(), tick -> tick());
            vertx.setTimer(JOIN.toMillis(), passed -> joinIsLate());
            tick();
        });
    }

    @Override
    public Future<?> stop() {
        isStopped = true;
        problem = Optional.of("this node leaves its cluster");
        nodes.accept(false);
        MessageConsumer<Object> listening = consumer;
        return listening == null ? Future.succeededFuture() : listening.unregister();
    }

    private void tick() {
        long now = nanos.getAsLong();
        boolean wasFenced = checkOwnSilence(now);
        lastTickNanos = now;
        update();
        nodes.certain(!wasFenced && 1 + heardLately(now) >= listed.minimum());
        peers.forEach((node, peer) -> checkSilence(node, peer, now));
        if (ticks++ % TICKS_PER_BEAT == 0 || !joined.future().isComplete()) {
            beat();
        }
    }

    /**
     * Before anything is concluded of others: they may have removed this node while it did not run.
     *
     * @return whether they may have gone on without it. Consumers learn of it before the next tick
     */
    private boolean checkOwnSilence(long now) {
        long lateNanos = now - lastTickNanos - TICK.toNanos();
        if (lateNanos > FROZEN.toNanos()) {
            lastTickNanos = now;
            wasFrozen(now, Duration.ofNanos(lateNanos));
        }
        if (nodes.fence().isLate()) {
            nodes.certain(false);
        }
        Optional<Duration> silence = nodes.fence().raise();
        silence.ifPresent(this::fenced);
        return silence.isPresent();
    }

    /** The silence was this node's own: the others get their time again. */
    private void wasFrozen(long now, Duration time) {
        LOG.warn("this node did not run for {} ms", time.toMillis());
        facts.meters().frozen();
        peers.values().forEach(peer -> peer.excused(now));
        ticks = 0;
    }

    /** What runs here for other nodes goes on elsewhere. The next tick sends a heartbeat. */
    private void fenced(Duration silence) {
        LOG.warn("this node sent no heartbeat for {} ms: it ends what others have gone on with", silence.toMillis());
        facts.meters().fenced();
        ticks = 0;
        if (silence.compareTo(REMOVED) > 0) {
            isDoubtful = true;
            vertx.cancelTimer(doubtTimer);
            doubtTimer = vertx.setTimer(DOUBT.toMillis(), passed -> isDoubtful = false);
        }
        nodes.everyConsumerGone(
                silence.compareTo(REMOVED) > 0 ? OtherNodes.Absence.REMOVED : OtherNodes.Absence.FROZEN);
    }

    private void changed() {
        checkOwnSilence(nanos.getAsLong());
        update();
    }

    /** Compares with the grid which members there are. */
    private void update() {
        Map<String, String> now = grid.now().get();
        new HashMap<>(peers).forEach((node, peer) -> {
            if (!now.containsKey(node)) {
                LOG.info("node {} has left the cluster", peer.address());
                peers.remove(node);
                nodes.left(node);
            }
        });
        now.forEach((node, address) -> {
            if (!node.equals(nodes.self())) {
                peers.computeIfAbsent(node, unknown -> new Peer(address, nanos.getAsLong()));
            }
        });
        count();
    }

    private long heardLately(long now) {
        return peers.values().stream()
                .filter(peer -> peer.isConfirmed() && peer.silentNanos(now) <= LATELY.toNanos())
                .count();
    }

    private void checkSilence(String node, Peer peer, long now) {
        long silent = peer.silentNanos(now);
        if (silent > CONSUMERS_GONE.toNanos() && peer.reportConsumersGone()) {
            nodes.consumersGone(node);
        }
        if (silent > GONE.toNanos() && peer.reportGone()) {
            LOG.warn(
                    "node {} was not heard for {} s; its generations go on elsewhere",
                    peer.address(),
                    GONE.toSeconds());
            nodes.gone(node);
            count();
        }
    }

    private void beat() {
        nodes.fence().beat();
        List<String> generators = facts.generators().get();
        List<ModelPlaces> places = facts.places().get();
        for (String node : List.copyOf(peers.keySet())) {
            SentNumbers.Due due = nodes.sent().due(node);
            Heartbeat heartbeat = new Heartbeat(
                    nodes.self(),
                    Heartbeat.FORM,
                    Heartbeat.FORM,
                    facts.secret(),
                    nodes.clockMillis(),
                    generators,
                    places,
                    due.texts());
            vertx.eventBus()
                    .request(Addresses.node(node), heartbeat, options)
                    .onSuccess(reply -> answered(node, reply, due))
                    .onFailure(silence -> LOG.debug("no answer of node {}: {}", node, silence.getMessage()));
        }
    }

    private void answered(String node, Message<Object> reply, SentNumbers.Due due) {
        Peer peer = peers.get(node);
        if (peer == null || !(reply.body() instanceof Heard heard)) {
            return;
        }
        if (heard.verdict() == Heard.Verdict.ACCEPTED) {
            due.compared();
            peer.confirmed(nanos.getAsLong());
            count();
        } else {
            refused(peer, heard.verdict());
        }
    }

    private void refused(Peer peer, Heard.Verdict verdict) {
        String why = switch (verdict) {
            case OTHER_SECRET ->
                "it has another signing secret (expected: the same auth.secret or auth.secretFile on every node)";
            case OTHER_FORM ->
                "it cannot read the messages of this version (expected: versions that follow each other)";
            default -> "it gives a reason that this version does not know (expected: the newest version)";
        };
        String line = "cluster: the member at " + peer.address() + " does not accept this node: " + why;
        if (!joined.tryFail(new ClusterException(line))) {
            LOG.error(line);
        }
    }

    private void joinIsLate() {
        String silent = peers.values().stream()
                .filter(peer -> !peer.isConfirmed())
                .map(Peer::address)
                .sorted()
                .collect(Collectors.joining(", "));
        joined.tryFail(new ClusterException("cluster: no answer on the event bus from the member at " + silent
                + " within "
                + JOIN.toSeconds() + " s (expected: cluster.busPort is reachable, and cluster.tls has certificates of"
                + " the same authority on every node, or is not set on any)"));
    }

    /** A heartbeat of another node. */
    private void receive(Message<Object> message) {
        Object body;
        try {
            body = message.body();
        } catch (MalformedMessageException e) {
            LOG.warn("a heartbeat could not be read: {}", e.getMessage());
            message.reply(new Heard(nodes.self(), Heard.Verdict.OTHER_FORM));
            return;
        }
        if (body instanceof Heartbeat heartbeat) {
            Heard.Verdict verdict = verdict(heartbeat);
            if (verdict == Heard.Verdict.ACCEPTED) {
                accepted(heartbeat);
            } else {
                LOG.warn("node {} is not accepted: {}", heartbeat.node(), verdict);
            }
            message.reply(new Heard(nodes.self(), verdict));
        }
    }

    private Heard.Verdict verdict(Heartbeat heartbeat) {
        if (heartbeat.form() < Heartbeat.FORM || heartbeat.oldestForm() > Heartbeat.FORM) {
            return Heard.Verdict.OTHER_FORM;
        }
        return heartbeat.secret().equals(facts.secret()) ? Heard.Verdict.ACCEPTED : Heard.Verdict.OTHER_SECRET;
    }

    private void accepted(Heartbeat heartbeat) {
        Peer peer = peers.get(heartbeat.node());
        if (peer != null) {
            peer.heard(nanos.getAsLong());
            nodes.heard(heartbeat);
        }
    }

    /** Decides whether this node is ready. One that is stays so while a new member has not answered yet. */
    private void count() {
        if (isStopped) {
            return;
        }
        List<String> silent = peers.values().stream()
                .filter(peer -> !peer.isConfirmed())
                .map(Peer::address)
                .sorted()
                .toList();
        int confirmed = 1 + peers.size() - silent.size();
        members = confirmed;
        facts.meters().show(confirmed, confirmed == 1 && listed.others() > 0);
        if (silent.isEmpty() && joined.tryComplete()) {
            joined(confirmed);
        }
        boolean isEnough = confirmed >= listed.minimum();
        if (!joined.future().succeeded()) {
            problem = Optional.of("no answer yet from " + String.join(", ", silent));
        } else if (isEnough) {
            problem = Optional.empty();
            ready.tryComplete();
        } else {
            String answer = confirmed == 1 ? " member answers" : " members answer";
            problem = Optional.of(confirmed + answer + " (cluster.minimumMembers " + listed.minimum() + ")");
        }
        nodes.accept(joined.future().succeeded() && isEnough);
    }

    private void joined(int confirmed) {
        if (confirmed == 1 && listed.others() > 0) {
            LOG.warn(
                    "this node is alone: none of the {} other members that cluster.members lists is there",
                    listed.others());
        } else {
            LOG.info("joined the cluster: {} members, at least {} needed", confirmed, listed.minimum());
        }
    }
}
