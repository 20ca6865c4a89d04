package dev.runnel.simulation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What happens to the nodes of a cluster. One at a time has a fault, so that the others have the majority. */
final class NodeFaults {

    private static final int FIRST_MILLIS = 3200;
    private static final int LATEST_MILLIS = 15_000;
    /** Until a text whose node is gone is on two others again. */
    private static final int RECOVERY_MILLIS = 9000;

    private static final int MIN_DOWN_MILLIS = 300;
    private static final int MAX_DOWN_MILLIS = 6000;
    private static final int MIN_FREEZE_MILLIS = 300;
    /** Most are shorter than the time after which others go on, or a little longer. */
    private static final int SHORT_FREEZE_MILLIS = 7000;
    /** Longer than the time after which the grid removes a member. */
    private static final int LONG_FREEZE_MILLIS = 26_000;

    /** {@code -Dcluster.faults=DEATH,FREEZE,PAUSE,CUT} adds to those of the build. */
    static final List<Kind> KINDS = Stream.of(
                    System.getProperty("cluster.faults", "DEATH").split(","))
            .map(Kind::valueOf)
            .toList();

    private final World world;
    private final ClusterSimulation cluster;
    private final SimulatedGrid grid;
    private final ClusterNet net;
    private final Choices.Draws draws;
    private final List<Kind> kinds;
    private int open;

    /** What may happen. */
    enum Kind {
        DEATH,
        /** The process is stopped, and its clock goes on. */
        FREEZE,
        /** The machine is paused, and its clock too. */
        PAUSE,
        /** Its links to the other nodes are cut. Clients still reach it. */
        CUT
    }

    NodeFaults(World world, ClusterSimulation cluster, SimulatedGrid grid, ClusterNet net, List<Kind> kinds) {
        this.world = world;
        this.cluster = cluster;
        this.grid = grid;
        this.net = net;
        this.kinds = kinds;
        this.draws = world.choices().at("nodes");
        int at = draws.between(FIRST_MILLIS, LATEST_MILLIS);
        plan(at);
        plan(at + MAX_DOWN_MILLIS + RECOVERY_MILLIS);
    }

    /** When the first one happens, if it does. */
    static int firstMillis(Choices choices) {
        return choices.at("nodes").between(FIRST_MILLIS, LATEST_MILLIS);
    }

    private void plan(int atMillis) {
        Kind kind = kinds.get(draws.between(0, kinds.size() - 1));
        int chosen = draws.between(0, 2);
        int downMillis = draws.between(MIN_DOWN_MILLIS, MAX_DOWN_MILLIS);
        int most = draws.chance(0.7) ? SHORT_FREEZE_MILLIS : LONG_FREEZE_MILLIS;
        int frozenMillis = draws.between(MIN_FREEZE_MILLIS, most);
        if (atMillis <= LATEST_MILLIS && draws.fault(0.8, kind + " at " + atMillis)) {
            open++;
            world.network().at(TimeUnit.MILLISECONDS.toNanos(atMillis), "fault of a node", () -> {
                List<ClusterNode> nodes = cluster.nodes();
                ClusterNode node = nodes.get(chosen % nodes.size());
                if (kind == Kind.DEATH) {
                    die(node, downMillis);
                } else {
                    stop(node, kind, frozenMillis);
                }
            });
        }
    }

    private void die(ClusterNode node, int downMillis) {
        node.die();
        cluster.rules().died(node.name());
        net.died(node.name());
        grid.died(node.name());
        world.network().afterMillis(downMillis, "restart", () -> {
            open--;
            cluster.startNode(node.name().substring(0, 1));
        });
    }

    private void stop(ClusterNode node, Kind kind, int millis) {
        cluster.rules().stopped(node.name(), millis);
        grid.silent(node.name(), kind == Kind.CUT);
        if (kind == Kind.CUT) {
            world.steps().add(node.name(), "is cut off");
            net.cut(List.of(node.name()));
        } else {
            node.freeze(kind == Kind.PAUSE);
        }
        world.network().afterMillis(millis, "end of " + kind, () -> {
            open--;
            if (kind == Kind.CUT) {
                net.heal();
            } else {
                node.goOn();
            }
            grid.back(node.name());
        });
    }

    /** Whether nothing is broken any more. */
    boolean isOver() {
        return open == 0;
    }
}
