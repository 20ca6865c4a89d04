package dev.runnel.simulation;

import dev.runnel.config.ResumeConfig;
import dev.runnel.simulation.Simulation.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One run of one seed with three nodes. First nodes and links have faults; then nothing fails any more, and everything
 * must end within its time limits.
 */
final class ClusterSimulation implements ClusterClient.Cluster {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final long STARTED_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(16);
    private static final long LATEST_END_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration RETENTION = Duration.ofSeconds(12);
    private static final long LAST_MESSAGES_NANOS =
            RETENTION.plus(GRACE).plusSeconds(1).toNanos();

    private static final long CLOSES_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final int MAX_STEPS = 400_000;
    private static final long AMPLE_BYTES = 1L << 30;
    /** More than all clients need: a full node may refuse to go on with a text. */
    private static final int SEQUENCES = 10;

    private static final double SHARED_TEXTS = 0.25;

    private final World world;
    private final Choices.Draws order;
    private final Situation situation;
    private final SimulatedGrid grid;
    private final ClusterNet net;
    private final ClusterRules rules;
    private final NodeFaults faults;
    /** All that there were. */
    private final List<ClusterNode> nodes = new ArrayList<>();

    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final List<ClusterNode> nodesOfLoops = new ArrayList<>();
    private final List<Actor> clients = new ArrayList<>();
    private final List<ClusterText> texts = new ArrayList<>();
    private boolean isClosing;

    private ClusterSimulation(long seed, Set<String> omitted, List<NodeFaults.Kind> kinds, int breaks) {
        Choices choices = new Choices(seed, omitted);
        this.world = World.of(choices, Plant.NONE, 0);
        this.order = choices.at("order");
        this.situation = situation(choices.at("situation"));
        this.rules = new ClusterRules(world);
        this.grid = new SimulatedGrid(world);
        this.net = new ClusterNet(world, grid, new ConnectionBreaks(world, rules, this::nodes, breaks));
        NAMES.forEach(this::startNode);
        this.faults = new NodeFaults(world, this, grid, net, kinds);
        int count = choices.at("clients").between(1, 8);
        for (int i = 1; i <= count; i++) {
            Actor client = new ClusterClient(world, this, i);
            clients.add(client);
            world.network().at(STARTED_NANOS, "arrival", client::arrive);
        }
    }

    private static Situation situation(Choices.Draws draws) {
        var resume = new ResumeConfig(GRACE, RETENTION, 1 << 20, 100, 8);
        return new Situation(
                draws.between(1, 2),
                draws.chance(0.7),
                SEQUENCES,
                draws.between(0, 2),
                true,
                AMPLE_BYTES,
                draws.chance(0.5),
                resume,
                Duration.ofSeconds(40),
                Map.of("pieces", Situation.SCRIPT));
    }

    /** Without connections that break. */
    static Outcome run(long seed, Set<String> omitted, List<NodeFaults.Kind> kinds) {
        return run(seed, omitted, kinds, 0);
    }

    /**
     * Runs a seed.
     *
     * @param kinds what may happen to nodes
     * @param breaks how many connections break at most
     */
    static Outcome run(long seed, Set<String> omitted, List<NodeFaults.Kind> kinds, int breaks) {
        ClusterSimulation simulation = new ClusterSimulation(seed, omitted, kinds, breaks);
        try {
            simulation.run();
            return simulation.outcome();
        } finally {
            simulation.close();
        }
    }

    private Outcome outcome() {
        Optional<String> broken = world.rules().broken();
        return new Outcome(
                broken,
                world.choices().faults(),
                world.steps().hash(),
                world.steps().count(),
                broken.isPresent() || Boolean.getBoolean("simulation.trace")
                        ? world.steps().lastOnes()
                        : "");
    }

    /** Starts a process of a node: the first one, or one after the death of that before. */
    void startNode(String name) {
        String full = name
                + (nodes.stream().filter(node -> node.name().startsWith(name)).count() + 1);
        NodeClock clock = new NodeClock(world.clock());
        // One more loop: for the heartbeats, and for the connections to other nodes.
        World process = world.process(full, clock, situation.lanes() + 1);
        ClusterNode node = new ClusterNode(full, process, clock, situation, grid, net, rules);
        nodes.add(node);
        for (SimulatedLoop loop : node.loops()) {
            loops.add(loop);
            nodesOfLoops.add(node);
        }
        node.start();
    }

    // ---- what clients know

    @Override
    public List<ClusterNode> nodes() {
        return nodes.stream().filter(ClusterNode::isAlive).toList();
    }

    @Override
    public ClusterRules rules() {
        return rules;
    }

    @Override
    public ClusterText text(Choices.Draws draws) {
        if (!texts.isEmpty() && draws.chance(SHARED_TEXTS)) {
            ClusterText last = texts.get(texts.size() - 1);
            if (last.isResumable()) {
                return last;
            }
        }
        ClusterText text = new ClusterText(texts.size() + 1, draws.chance(0.6), draws.between(5, 30));
        texts.add(text);
        return text;
    }

    @Override
    public boolean mayBeCut(ClusterNode node) {
        return !node.isAlive();
    }

    // ---- the run

    private void run() {
        runUntil(CALM_NANOS, false);
        world.choices().calmDown();
        world.steps().add("simulation", "calms down");
        runUntil(LATEST_END_NANOS, true);
        world.rules().check(isOver(), () -> "not everything ends: %s".formatted(open()));
        runUntil(world.clock().nanoTime() + LAST_MESSAGES_NANOS, false);
        clients.forEach(Actor::checkEnd);
        nodes.forEach(ClusterNode::checkEnd);
        rules.checkEnd();
    }

    private void runUntil(long endNanos, boolean stopsWhenOver) {
        while (world.rules().broken().isEmpty()) {
            if (!isReady()) {
                long next = nextNanos();
                if (next > endNanos || (stopsWhenOver && isOver())) {
                    break;
                }
                nodes.forEach(ClusterNode::checkPlaces);
                world.clock().moveTo(next);
            }
            step();
            boolean isShort = world.steps().count() < MAX_STEPS;
            world.rules().check(isShort, () -> "no end within %d steps".formatted(MAX_STEPS));
        }
        if (!stopsWhenOver) {
            world.clock().moveTo(endNanos);
        }
    }

    private boolean isReady(int loop) {
        return (isClosing || nodesOfLoops.get(loop).runs()) && loops.get(loop).isReady();
    }

    private boolean isReady() {
        boolean isReady = world.network().isReady();
        for (int i = 0; i < loops.size() && !isReady; i++) {
            isReady = isReady(i);
        }
        return isReady;
    }

    private long nextNanos() {
        long next = world.network().nextNanos();
        for (int i = 0; i < loops.size(); i++) {
            ClusterNode node = nodesOfLoops.get(i);
            if (isClosing || node.runs()) {
                next = Math.min(next, node.clock().realNanos(loops.get(i).nextTimerNanos()));
            }
        }
        return next;
    }

    /** Runs one piece of ready work: of a loop, or an event of the network. */
    private void step() {
        int first = order.between(0, loops.size());
        for (int i = 0; i <= loops.size(); i++) {
            int chosen = (first + i) % (loops.size() + 1);
            if (chosen == loops.size() && world.network().isReady()) {
                world.steps().add("network", world.network().runOne());
                break;
            }
            if (chosen < loops.size() && isReady(chosen)) {
                world.steps().ran(loops.get(chosen).name());
                loops.get(chosen).runOne();
                break;
            }
        }
    }

    private boolean isOver() {
        return faults.isOver()
                && clients.stream().allMatch(Actor::isDone)
                && nodes.stream().allMatch(ClusterNode::isQuiet)
                && nodes().stream().allMatch(ClusterNode::isReady);
    }

    private String open() {
        return clients.stream()
                        .filter(client -> !client.isDone())
                        .map(Actor::name)
                        .toList() + ", "
                + nodes.stream()
                        .filter(node -> !node.isQuiet())
                        .map(ClusterNode::name)
                        .toList() + " not quiet, "
                + nodes().stream()
                        .filter(node -> !node.isReady())
                        .map(ClusterNode::name)
                        .toList() + " not ready";
    }

    /** Not a part of the run. */
    private void close() {
        isClosing = true;
        Future<?> closed = Future.join(nodes.stream().map(ClusterNode::close).toList());
        long end = world.clock().nanoTime() + CLOSES_NANOS;
        while (isReady() || (!closed.isComplete() && nextNanos() < end)) {
            if (!isReady()) {
                world.clock().moveTo(nextNanos());
            }
            step();
        }
    }
}
