package dev.runnel.simulation;

import java.util.Set;

/**
 * A run of one process.
 *
 * @param omitted the faults that do not happen, by their names
 */
record Seed(long seed, boolean withHttp, Plant.Bug bug, Set<String> omitted) implements Failure.Setting {

    /** Of ten seeds, the last goes through HTTP. */
    static Seed of(long seed) {
        return new Seed(seed, seed % 10 == 0, Plant.Bug.NONE, Set.of());
    }

    Seed planted(Plant.Bug planted) {
        return new Seed(seed, withHttp, planted, omitted);
    }

    @Override
    public Seed without(Set<String> faults) {
        return new Seed(seed, withHttp, bug, Set.copyOf(faults));
    }

    @Override
    public Simulation.Outcome run() {
        return Simulation.run(seed, omitted, new Plant(bug), withHttp);
    }

    @Override
    public String replay() {
        return "SimulationTest#replays -Dsimulation.seed=" + seed + (withHttp ? "" : " -Dsimulation.http=false");
    }
}
