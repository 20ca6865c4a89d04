package dev.runnel.client;

import dev.runnel.message.Ended;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Placement;
import dev.runnel.message.SentTexts;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the other nodes of its cluster, from their heartbeats. A process without a cluster has
 * none of it. Any thread.
 */
public final class OtherNodes implements Shareable {

    private static final String MAP = "runnel.otherNodes";

    private static final int DEFAULT_CONTINUING = 4;

    /** Less than the consumer waits for the answer, so that no answer comes after it has asked another generator. */
    static final long ANSWER_MILLIS = 1_500;

    private final String self;
    private final boolean spreads;
    private final LongSupplier nanos;
    private final long startNanos;
    private final Map<String, OtherNode> nodes = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    /** Nodes whose consumers have given up what runs here, as far as that can be known. */
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    private final ContinuationTurns turns;
    private final Fence fence;
    private final SoughtGenerations sought = new SoughtGenerations();
    private final SentNumbers sent = new SentNumbers();
    private final LongAdder messagesUnderWay = new LongAdder();
    private final LongAdder bytesUnderWay = new LongAdder();
    /** How often there were not enough members any more. */
    private final AtomicInteger losses = new AtomicInteger();

    private volatile boolean accepting;
    private volatile boolean certain = true;
    private volatile Consumer<Ended> ownAccounts = ended -> {};
    private volatile ContinuationListener continuations = ContinuationListener.SILENT;
    private volatile CopyAccount copies = CopyAccount.NONE;

    /** Learns that a node is gone. Called on any thread; must not block. */
    public interface Listener {

        /**
         * The node is gone. The generations that run there have no end, and the texts that it keeps are lost.
         *
         * @param node the node's name
         * @param generators the addresses of its generators
         */
        void gone(String node, Set<String> generators);

        /**
         * The node was not heard for so long that its consumers have given up what runs here, or it has left.
         *
         * @param node the node's name
         * @param absence why
         */
        void consumersGone(String node, Absence absence);

        /**
         * The node has left the cluster, and was heard until then: its process has ended.
         *
         * @param node the node's name
         */
        default void died(String node) {}

        /**
         * A node was heard for the first time, or again after its consumers were given up or it had left.
         *
         * @param node the node's name
         */
        default void consumersBack(String node) {}

        /**
         * A node says how far it has sent texts to this one.
         *
         * @param texts by the inboxes of this process; not empty
         */
        default void sent(List<SentTexts> texts) {}
    }

    /** Why the consumers of a node are gone. */
    public enum Absence {
        /** The node was not heard. It may be there, and its consumers may go on elsewhere. */
        SILENT,
        /** The node has left the cluster. */
        LEFT,
        /** This process did not run itself. The node's consumers have gone on by then. */
        FROZEN,
        /**
         * This process did not run for so long that the node may have removed it from the cluster. Then the node has
         * published the ends of what it ran for this one.
         */
        REMOVED
    }

    /**
     * The generator that is asked next.
     *
     * @param node its node
     * @param address its address
     * @param placement what the submit says
     */
    record Choice(String node, String address, Placement placement) {}

    private OtherNodes(String self, boolean spreads, int continuing, LongSupplier nanos) {
        this.self = self;
        this.spreads = spreads;
        this.turns = new ContinuationTurns(continuing);
        this.nanos = nanos;
        this.fence = new Fence(nanos);
        this.startNanos = nanos.getAsLong();
    }

    /**
     * Makes this process a node. Called once, before its verticles are deployed.
     *
     * @param vertx of the process
     * @param self its name in the cluster
     * @param spreads whether generators of other nodes are preferred
     * @param nanos a monotonic clock, in nanoseconds
     * @return without any other node
     */
    public static OtherNodes install(Vertx vertx, String self, boolean spreads, LongSupplier nanos) {
        return install(vertx, self, spreads, DEFAULT_CONTINUING, nanos);
    }

    /**
     * As {@link #install(Vertx, String, boolean, LongSupplier)}.
     *
     * @param continuing how many generations of a node that is gone start at once on others
     */
    public static OtherNodes install(Vertx vertx, String self, boolean spreads, int continuing, LongSupplier nanos) {
        var nodes = new OtherNodes(self, spreads, continuing, nanos);
        map(vertx).put(MAP, nodes);
        return nodes;
    }

    /**
     * Those of a process.
     *
     * @param vertx of the process
     * @return empty without a cluster
     */
    public static Optional<OtherNodes> of(Vertx vertx) {
        return Optional.ofNullable(map(vertx).get(MAP));
    }

    private static LocalMap<String, OtherNodes> map(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }

    /**
     * The name of this process in the cluster.
     *
     * @return the node
     */
    public String self() {
        return self;
    }

    /**
     * This node's clock, as its heartbeats carry it.
     *
     * @return milliseconds since its start, more than 0
     */
    public long clockMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - startNanos) + 1;
    }

    /**
     * A node was heard.
     *
     * @param heartbeat its newest
     */
    public void heard(Heartbeat heartbeat) {
        String name = heartbeat.node();
        boolean wasAway = silent.remove(name) || !nodes.containsKey(name);
        nodes.compute(name, (node, before) -> OtherNode.heard(heartbeat, before, clockMillis()));
        if (wasAway) {
            listeners.forEach(listener -> listener.consumersBack(name));
        }
        if (!heartbeat.sent().isEmpty()) {
            listeners.forEach(listener -> listener.sent(heartbeat.sent()));
        }
    }

    /**
     * A node was not heard for the time after which its generations count as lost.
     *
     * @param node the node's name
     */
    public void gone(String node) {
        generatorsGone(node);
        consumersGone(node);
    }

    /**
     * A node has left the cluster.
     *
     * @param node the node's name
     */
    public void left(String node) {
        generatorsGone(node);
        boolean wasSilent = silent.remove(node);
        sent.left(node);
        listeners.forEach(listener -> listener.consumersGone(node, Absence.LEFT));
        if (!wasSilent) {
            listeners.forEach(listener -> listener.died(node));
        }
    }

    private void generatorsGone(String node) {
        OtherNode known = nodes.remove(node);
        Set<String> generators = known == null ? Set.of() : known.everyGenerator();
        listeners.forEach(listener -> listener.gone(node, generators));
    }

    /**
     * A node was not heard for so long that its consumers have given up.
     *
     * @param node the node's name
     */
    public void consumersGone(String node) {
        silent.add(node);
        listeners.forEach(listener -> listener.consumersGone(node, Absence.SILENT));
    }

    /**
     * Whether a node is a member, and was not heard for so long that its consumers have given up.
     *
     * @param node the node's name
     * @return whether it is silent
     */
    public boolean isSilent(String node) {
        return silent.contains(node);
    }

    /**
     * This process was frozen for so long that the consumers of all other nodes have given up.
     *
     * @param absence {@code FROZEN} or {@code REMOVED}
     */
    public void everyConsumerGone(Absence absence) {
        List.copyOf(nodes.keySet())
                .forEach(node -> listeners.forEach(listener -> listener.consumersGone(node, absence)));
    }

    /**
     * Whether other nodes may have gone on without this process.
     *
     * @return that of this process
     */
    public Fence fence() {
        return fence;
    }

    /**
     * Sets what is notified of continuations.
     *
     * @param listener in place of an earlier one
     */
    public void report(ContinuationListener listener) {
        continuations = listener;
    }

    /**
     * Sets what counts the copies of texts that clients of this process keep to go on elsewhere.
     *
     * @param account in place of an earlier one
     */
    public void countCopies(CopyAccount account) {
        copies = account;
    }

    CopyAccount copies() {
        return copies;
    }

    void underWay(int messages, long bytes) {
        messagesUnderWay.add(messages);
        bytesUnderWay.add(bytes);
    }

    /** How many messages with generated text to other nodes no connection has accepted yet. */
    public long messagesUnderWay() {
        return messagesUnderWay.sum();
    }

    /** How many bytes these have, about. */
    public long bytesUnderWay() {
        return bytesUnderWay.sum();
    }

    ContinuationListener continuations() {
        return continuations;
    }

    ContinuationTurns turns() {
        return turns;
    }

    /** The monotonic clock of the process, in nanoseconds. */
    long nanos() {
        return nanos.getAsLong();
    }

    /**
     * Sets whether there are enough members.
     *
     * @param enough whether new generations are accepted
     */
    public void accept(boolean enough) {
        boolean wasEnough = accepting;
        accepting = enough;
        if (wasEnough && !enough) {
            losses.incrementAndGet();
            // What runs here for their consumers is not kept for them any longer.
            silent.forEach(node -> listeners.forEach(listener -> listener.consumersGone(node, Absence.SILENT)));
        }
    }

    /**
     * Sets whether it is certain that this node is not the one that is cut off. Another node that is silent counts as
     * gone after five seconds, and its silence may begin up to a second before that of the others.
     *
     * @param certain whether enough members were heard just now
     */
    public void certain(boolean certain) {
        this.certain = certain;
    }

    /**
     * Whether a generation of a silent node may go on elsewhere now. Not while this process may have been frozen: other
     * nodes may have ended its generations.
     *
     * @return what was set last, unless this process did not run since
     */
    public boolean isCertain() {
        return certain && !fence.isLate();
    }

    /**
     * Sets what is notified of each account that a client of this process publishes.
     *
     * @param listener in place of an earlier one; any thread
     */
    public void onOwnAccount(Consumer<Ended> listener) {
        ownAccounts = listener;
    }

    void published(Ended account) {
        ownAccounts.accept(account);
    }

    /**
     * Whether there are enough members.
     *
     * @return whether new generations are accepted
     */
    public boolean isAccepting() {
        return accepting;
    }

    /**
     * Whether the others go on with nothing without this process, from now on.
     *
     * @return answers for the time since this call: false once there were not enough members
     */
    public BooleanSupplier majority() {
        boolean isEnough = accepting;
        int before = losses.get();
        return () -> isEnough && losses.get() == before;
    }

    /** Whether generators of other nodes are preferred. */
    boolean spreads() {
        return spreads;
    }

    /**
     * Notifies a listener of nodes that are gone.
     *
     * @param listener called on any thread
     * @return removes it
     */
    public Runnable listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Whether the node is here, as far as this process has heard. */
    boolean knows(String node) {
        return nodes.containsKey(node);
    }

    /** The addresses of the generators of all other nodes. */
    Set<String> generators() {
        return nodes.values().stream()
                .flatMap(node -> node.everyGenerator().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The generations of this process that no generator runs.
     *
     * @return those for which another generator is sought
     */
    public SoughtGenerations sought() {
        return sought;
    }

    /**
     * How far this process has sent texts to other nodes.
     *
     * @return for heartbeats
     */
    public SentNumbers sent() {
        return sent;
    }

    /** Whether another node than those has a free place for a model. */
    boolean hasFree(String model, Set<String> asked) {
        return nodes.values().stream()
                .anyMatch(node -> !asked.contains(node.name())
                        && node.isAnswering()
                        && node.free(model).orElse(0) > 0);
    }

    /**
     * The better one of two random nodes that have a model: the one with more free places.
     *
     * @param model its name; empty is the default model of each node
     * @param asked nodes that are left out
     */
    Optional<Choice> choose(String model, Set<String> asked, RandomGenerator random) {
        List<OtherNode> candidates = new ArrayList<>();
        for (OtherNode node : nodes.values()) {
            if (!asked.contains(node.name())
                    && node.isAnswering()
                    && node.free(model).isPresent()) {
                candidates.add(node);
            }
        }
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        OtherNode first = candidates.remove(random.nextInt(candidates.size()));
        OtherNode second = candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
        return Optional.of(choice(better(model, first, second), model, random));
    }

    private static OtherNode better(String model, OtherNode first, @Nullable OtherNode second) {
        return second != null
                        && second.free(model).orElse(0) > first.free(model).orElse(0)
                ? second
                : first;
    }

    private Choice choice(OtherNode node, String model, RandomGenerator random) {
        node.sent(model);
        long answerBy = node.clockMillis(clockMillis()) + ANSWER_MILLIS;
        return new Choice(node.name(), node.anyGenerator(random), new Placement(self, answerBy));
    }

    /**
     * A node has answered a submit, or has not in time. Then it gets none before it is heard again.
     *
     * @param node the node's name
     */
    void answered(String node, boolean inTime) {
        OtherNode known = nodes.get(node);
        if (known != null) {
            known.answered(inTime);
        }
    }

    /**
     * What other nodes report about models.
     *
     * @return for each node the places of its models
     */
    public Map<String, List<ModelPlaces>> models() {
        Map<String, List<ModelPlaces>> all = new ConcurrentHashMap<>();
        nodes.forEach((name, node) -> all.put(name, node.models()));
        return all;
    }
}
