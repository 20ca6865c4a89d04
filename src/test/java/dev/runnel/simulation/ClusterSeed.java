package dev.runnel.simulation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run of three nodes.
 *
 * @param kinds what may happen to nodes
 * @param breaks how many connections break at most
 * @param omitted the faults that do not happen, by their names
 */
record ClusterSeed(long seed, List<NodeFaults.Kind> kinds, int breaks, Set<String> omitted) implements Failure.Setting {

    /** With the faults of the build, or those of {@code -Dcluster.faults=} and {@code -Dcluster.breaks=}. */
    static ClusterSeed of(long seed) {
        return new ClusterSeed(seed, NodeFaults.KINDS, ConnectionBreaks.MAX_BREAKS, Set.of());
    }

    @Override
    public ClusterSeed without(Set<String> faults) {
        return new ClusterSeed(seed, kinds, breaks, Set.copyOf(faults));
    }

    @Override
    public Simulation.Outcome run() {
        return ClusterSimulation.run(seed, omitted, kinds, breaks);
    }

    @Override
    public String replay() {
        String faults = kinds.stream().map(Enum::name).collect(Collectors.joining(","));
        return "ClusterSimulationTest#replays -Dsimulation.seed=" + seed + " -Dcluster.faults=" + faults
                + " -Dcluster.breaks=" + breaks;
    }
}
