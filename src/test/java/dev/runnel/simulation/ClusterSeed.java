package dev.runnel.simulation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run of three nodes.
 *
 * @param kinds the faults that may happen
 * @param omitted the faults that do not happen, by their names
 */
record ClusterSeed(long seed, List<NodeFaults.Kind> kinds, Set<String> omitted) implements Failure.Setting {

    /** With the faults of the build, or those of {@code -Dcluster.faults=}. */
    static ClusterSeed of(long seed) {
        return new ClusterSeed(seed, NodeFaults.KINDS, Set.of());
    }

    @Override
    public ClusterSeed without(Set<String> faults) {
        return new ClusterSeed(seed, kinds, Set.copyOf(faults));
    }

    @Override
    public Simulation.Outcome run() {
        return ClusterSimulation.run(seed, omitted, kinds);
    }

    @Override
    public String replay() {
        String faults = kinds.stream().map(Enum::name).collect(Collectors.joining(","));
        return "ClusterSimulationTest#replays -Dsimulation.seed=" + seed + " -Dcluster.faults=" + faults;
    }
}
