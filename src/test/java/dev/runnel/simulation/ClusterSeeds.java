package dev.runnel.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs seeds with three nodes, and leaves out what a failure does not need. */
final class ClusterSeeds {

    private static final int MAX_TRIES = 100;

    private ClusterSeeds() {}

    /** A seed with a broken rule, and the faults that did not happen. */
    record Failure(long seed, Set<String> omitted, Simulation.Outcome outcome) {

        /** What a developer needs: the rule, the faults that lead to it, the last steps, and how to see it again. */
        String report() {
            return """
                %s

                faults: %s
                the last of %d steps:
                %s

                replay: mvn test -Dtest=ClusterSimulationTest#replays -Dsimulation.seed=%d%s
                """.formatted(
                            outcome.broken().orElse("no rule is broken"),
                            outcome.faults(),
                            outcome.steps(),
                            outcome.lastSteps(),
                            seed,
                            omitted.isEmpty() ? "" : " '-Dsimulation.omit=" + String.join(";", omitted) + "'");
        }
    }

    static Simulation.Outcome run(long seed, Set<String> omitted) {
        return ClusterSimulation.run(seed, omitted, NodeFaults.KINDS, ConnectionBreaks.MAX_BREAKS);
    }

    /** The failure of a seed, if a rule is broken, with as few faults as still break one. */
    static Optional<Failure> failure(long seed) {
        Simulation.Outcome outcome = run(seed, Set.of());
        return outcome.broken().isEmpty()
                ? Optional.empty()
                : Optional.of(smallest(new Failure(seed, Set.of(), outcome)));
    }

    private static Failure smallest(Failure failure) {
        Failure best = failure;
        int tries = 0;
        boolean isSmaller = true;
        while (isSmaller && tries < MAX_TRIES) {
            isSmaller = false;
            for (String fault : List.copyOf(best.outcome().faults())) {
                tries++;
                Set<String> omitted = new HashSet<>(best.omitted());
                omitted.add(fault);
                Simulation.Outcome outcome = run(best.seed(), omitted);
                if (outcome.broken().isPresent()) {
                    best = new Failure(best.seed(), omitted, outcome);
                    isSmaller = true;
                    break;
                }
            }
        }
        return best;
    }
}
