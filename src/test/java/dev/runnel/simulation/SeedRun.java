package dev.runnel.simulation;

import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/** Runs seeds of one or three nodes. Public, so that it can be called in classes that were loaded anew. */
public final class SeedRun implements LongFunction<String> {

    private static final long EVERY_WITH_HTTP = 10;

    private final int nodes;

    /** @param nodes 1 or 3 */
    public SeedRun(int nodes) {
        this.nodes = nodes;
    }

    /**
     * Each run goes through HTTP. Of three nodes, one dies in every second run, and connections break. In the others,
     * nodes have all faults.
     *
     * @return the rule that is broken, or empty
     */
    @Override
    public String apply(long number) {
        return setting(number).run().broken().orElse("");
    }

    private Failure.Setting setting(long number) {
        if (nodes == 1) {
            return Seed.of(number * EVERY_WITH_HTTP);
        }
        return number % 2 == 1
                ? new ClusterSeed(number, List.of(NodeFaults.Kind.values()), 0, Set.of())
                : new ClusterSeed(number, List.of(NodeFaults.Kind.DEATH), ConnectionBreaks.MAX_BREAKS, Set.of());
    }
}
