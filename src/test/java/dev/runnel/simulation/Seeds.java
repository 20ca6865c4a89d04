package dev.runnel.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs seeds, and makes a failure small enough to be read. */
final class Seeds {

    private static final int MAX_TRIES = 200;

    private Seeds() {}

    /** A seed with a broken rule. */
    record Failure(Setting setting, Simulation.Outcome outcome) {

        /** What a developer needs: the rule, the faults that lead to it, the last steps, and how to see it again. */
        String report() {
            return """
                %s

                faults: %s
                the last of %d steps:
                %s

                replay: mvn test -Dtest=SimulationTest#replays -Dsimulation.seed=%d%s%s
                """.formatted(
                            outcome.broken().orElse("no rule is broken"),
                            outcome.faults(),
                            outcome.steps(),
                            outcome.lastSteps(),
                            setting.seed(),
                            setting.withHttp() ? "" : " -Dsimulation.http=false",
                            setting.omitted().isEmpty()
                                    ? ""
                                    : " '-Dsimulation.omit=" + String.join(";", setting.omitted()) + "'");
        }
    }

    /** What decides a run. */
    record Setting(long seed, boolean withHttp, Plant.Bug bug, Set<String> omitted) {

        static Setting of(long seed) {
            return new Setting(seed, seed % 10 == 0, Plant.Bug.NONE, Set.of());
        }

        Setting planted(Plant.Bug planted) {
            return new Setting(seed, withHttp, planted, omitted);
        }

        Setting without(Set<String> faults) {
            return new Setting(seed, withHttp, bug, Set.copyOf(faults));
        }

        Simulation.Outcome run() {
            return Simulation.run(seed, omitted, new Plant(bug), withHttp);
        }
    }

    /** The failure of a seed, if a rule is broken, with as few faults as still break one. */
    static Optional<Failure> failure(Setting setting) {
        Simulation.Outcome outcome = setting.run();
        return outcome.broken().isEmpty() ? Optional.empty() : Optional.of(smallest(new Failure(setting, outcome)));
    }

    /** Leaves out faults, first many at once, then one by one, as long as a rule is broken. */
    private static Failure smallest(Failure failure) {
        Failure best = failure;
        int tries = 0;
        int size = Math.max(1, failure.outcome().faults().size() / 2);
        while (tries < MAX_TRIES) {
            Optional<Failure> smaller = Optional.empty();
            List<String> faults = new ArrayList<>(best.outcome().faults());
            for (int from = 0; from < faults.size() && smaller.isEmpty(); from += size) {
                tries++;
                smaller = brokenWithout(best, faults.subList(from, Math.min(faults.size(), from + size)));
            }
            if (smaller.isPresent()) {
                best = smaller.get();
            } else if (size == 1) {
                break;
            } else {
                size = size / 2;
            }
        }
        return best;
    }

    private static Optional<Failure> brokenWithout(Failure failure, List<String> faults) {
        Set<String> omitted = new HashSet<>(failure.setting().omitted());
        omitted.addAll(faults);
        Setting setting = failure.setting().without(omitted);
        Simulation.Outcome outcome = setting.run();
        return outcome.broken().isPresent() ? Optional.of(new Failure(setting, outcome)) : Optional.empty();
    }
}
