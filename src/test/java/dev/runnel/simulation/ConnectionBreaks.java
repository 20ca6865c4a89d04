package dev.runnel.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connections between two nodes that break while both stay members. What is in one is lost. So is what is sent before
 * the sender notices it; then there is a new connection. This is shorter than the time after which a node counts as
 * silent.
 */
final class ConnectionBreaks {

    private static final int FIRST_MILLIS = 3200;
    private static final int LATEST_MILLIS = 15_000;
    /** {@code -Dcluster.breaks=} is how many there are at most in a run. */
    static final int MAX_BREAKS = Integer.getInteger("cluster.breaks", 6);

    private static final int LONGEST_MILLIS = 1500;
    /** Before a node has a fault, a text that has moved is on two nodes again. */
    private static final int RECOVERY_MILLIS = 9000;

    /** Most are noticed with the next message or two. */
    private static final int SHORT_MILLIS = 30;

    private final World world;
    private final ClusterRules rules;
    private final Supplier<List<ClusterNode>> nodes;
    private final Choices.Draws draws;
    private final Set<String> broken = new HashSet<>();
    /** How many connections there were before the present one. */
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * Plans them.
     *
     * @param nodes that are there
     * @param most how many break at most
     */
    ConnectionBreaks(World world, ClusterRules rules, Supplier<List<ClusterNode>> nodes, int most) {
        this.world = world;
        this.rules = rules;
        this.nodes = nodes;
        this.draws = world.choices().at("breaks");
        int count = draws.between(0, most);
        for (int i = 1; i <= count; i++) {
            plan(i, draws.between(FIRST_MILLIS, LATEST_MILLIS));
        }
    }

    private void plan(int number, int atMillis) {
        int from = draws.between(0, 2);
        int to = draws.between(1, 2);
        boolean isOneWay = draws.chance(0.5);
        int millis = draws.between(1, draws.chance(0.5) ? SHORT_MILLIS : LONGEST_MILLIS);
        int nodeFault = NodeFaults.firstMillis(world.choices());
        boolean isApart = atMillis > nodeFault || atMillis + RECOVERY_MILLIS < nodeFault;
        if (isApart && draws.fault(0.8, "break " + number + " at " + atMillis)) {
            world.network().at(TimeUnit.MILLISECONDS.toNanos(atMillis), "a connection breaks", () -> {
                List<ClusterNode> all = nodes.get();
                if (all.size() > 2) {
                    breakOff(all.get(from), all.get((from + to) % all.size()), isOneWay, millis);
                }
            });
        }
    }

    private void breakOff(ClusterNode from, ClusterNode to, boolean isOneWay, int millis) {
        List<String> ways = new ArrayList<>(List.of(way(from.name(), to.name())));
        if (!isOneWay) {
            ways.add(way(to.name(), from.name()));
        }
        // One at a time: else the times of two could add up to a silence.
        if (!broken.isEmpty()) {
            return;
        }
        rules.broke();
        world.steps().add("network", "loses " + ways + " for " + millis + " ms");
        broken.addAll(ways);
        ways.forEach(way -> numbers.merge(way, 1, Integer::sum));
        world.network().afterMillis(millis, "connects again", () -> broken.removeAll(ways));
    }

    private static String way(String from, String to) {
        return from + " to " + to;
    }

    /** Whether what is sent now is lost. */
    boolean loses(String from, String to) {
        return broken.contains(way(from, to));
    }

    /** The present connection. What was sent on another one does not arrive. */
    int connection(String from, String to) {
        return numbers.getOrDefault(way(from, to), 0);
    }
}
