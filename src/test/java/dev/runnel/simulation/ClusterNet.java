package dev.runnel.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The network between the nodes of a cluster: one connection in each direction between any two. It keeps the order of
 * messages, as TCP does. What is under way while a link is cut waits until it heals, or is lost with its connection.
 */
final class ClusterNet {

    private static final int LONGEST_LATENCY_MILLIS = 3;
    private static final int LONGEST_DELAY_MILLIS = 400;
    /** Vert.x closes a connection that does not answer a ping for 20 s. Until then TCP sends again. */
    private static final int MIN_RESET_MILLIS = 20_000;

    private static final double DELAYS = 0.01;

    private final World world;
    private final SimulatedGrid grid;
    private final Choices.Draws draws;
    private final Map<String, NodeBus> nodes = new LinkedHashMap<>();
    private final Map<Way, Connection> connections = new HashMap<>();
    private final Set<String> dead = new HashSet<>();
    private final ConnectionBreaks breaks;
    /** The nodes that are cut off from the others; empty without a cut. */
    private List<String> apart = List.of();

    private long cutNanos;
    private long number;

    private record Way(String from, String to) {}

    /** One direction of a link. */
    private static final class Connection {

        private final Deque<NodeBus.Parcel> held = new ArrayDeque<>();
        private long lastNanos;
    }

    ClusterNet(World world, SimulatedGrid grid, ConnectionBreaks breaks) {
        this.world = world;
        this.grid = grid;
        this.breaks = breaks;
        this.draws = world.choices().at("net");
    }

    void add(NodeBus node) {
        nodes.put(node.node(), node);
    }

    /** A node has died. What it has sent still arrives. Others know its consumers until it is removed. */
    void died(String node) {
        dead.add(node);
    }

    boolean isDead(String node) {
        return dead.contains(node);
    }

    /** The other nodes that have a consumer for an address, as far as a node knows. */
    List<String> receivers(String from, String address) {
        List<String> receivers = new ArrayList<>();
        nodes.forEach((node, bus) -> {
            if (!node.equals(from) && grid.sees(from, node) && bus.hasConsumer(address)) {
                receivers.add(node);
            }
        });
        return receivers;
    }

    /** Sends. What a dead node sends, or what is sent to one, is lost. */
    void send(String from, String to, NodeBus.Parcel parcel) {
        if (isDead(from) || isDead(to) || breaks.loses(from, to)) {
            return;
        }
        Connection connection = connections.computeIfAbsent(new Way(from, to), way -> new Connection());
        if (isCut(from, to)) {
            connection.held.add(parcel);
            return;
        }
        number++;
        long millis = draws.between(0, LONGEST_LATENCY_MILLIS);
        if (draws.fault(DELAYS, "message " + number + " is late")) {
            millis = draws.between(1, LONGEST_DELAY_MILLIS);
        }
        arriveAfter(millis, connection, from, to, parcel);
    }

    private void arriveAfter(long millis, Connection connection, String from, String to, NodeBus.Parcel parcel) {
        long due = world.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        connection.lastNanos = Math.max(due, connection.lastNanos + 1);
        int sentOn = breaks.connection(from, to);
        world.network().at(connection.lastNanos, from + " sends " + parcel.what() + " to " + to, () -> {
            if (!isDead(to) && breaks.connection(from, to) == sentOn) {
                nodes.get(to).arrive(parcel);
            }
        });
    }

    private boolean isCut(String a, String b) {
        return apart.contains(a) != apart.contains(b);
    }

    boolean isCutOff(String node) {
        return apart.contains(node);
    }

    /** From now on nothing passes between these nodes and the others. */
    void cut(List<String> part) {
        apart = List.copyOf(part);
        cutNanos = world.clock().nanoTime();
    }

    /** The links work again. */
    void heal() {
        apart = List.of();
        boolean isLong = world.clock().millis(cutNanos) > MIN_RESET_MILLIS;
        connections.forEach((way, connection) -> {
            boolean isReset = isLong && draws.chance(0.5);
            while (!connection.held.isEmpty()) {
                NodeBus.Parcel parcel = connection.held.remove();
                if (!isReset) {
                    arriveAfter(0, connection, way.from(), way.to(), parcel);
                }
            }
        });
    }
}
