package dev.runnel.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A seed with a broken rule. */
record Failure(Setting setting, Simulation.Outcome outcome) {

    private static final int MAX_TRIES = 200;

    /** What decides a run. */
    interface Setting {

        /** The faults that do not happen, by their names. */
        Set<String> omitted();

        /** The same with other faults that do not happen. */
        Setting without(Set<String> faults);

        Simulation.Outcome run();

        /** The test that runs it again, and its options without the omitted faults. */
        String replay();
    }

    /** The failure of a seed, if a rule is broken, with as few faults as still break one. */
    static Optional<Failure> of(Setting setting) {
        Simulation.Outcome outcome = setting.run();
        return outcome.broken().isEmpty() ? Optional.empty() : Optional.of(new Failure(setting, outcome).smallest());
    }

    /** What a developer needs: the rule, the faults that lead to it, the last steps, and how to see it again. */
    String report() {
        return """
            %s

            faults: %s
            the last of %d steps:
            %s

            replay: mvn test -Dtest=%s%s
            """.formatted(
                outcome.broken().orElse("no rule is broken"),
                outcome.faults(),
                outcome.steps(),
                outcome.lastSteps(),
                setting.replay(),
                setting.omitted().isEmpty() ? "" : " '-Dsimulation.omit=" + String.join(";", setting.omitted()) + "'");
    }

    /** Leaves out faults, first many at once, then one by one, as long as a rule is broken. */
    private Failure smallest() {
        Failure best = this;
        int tries = 0;
        int size = Math.max(1, outcome.faults().size() / 2);
        while (tries < MAX_TRIES) {
            Optional<Failure> smaller = Optional.empty();
            List<String> faults = new ArrayList<>(best.outcome().faults());
            for (int from = 0; from < faults.size() && smaller.isEmpty(); from += size) {
                tries++;
                smaller = best.without(faults.subList(from, Math.min(faults.size(), from + size)));
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

    private Optional<Failure> without(List<String> faults) {
        Set<String> omitted = new HashSet<>(setting.omitted());
        omitted.addAll(faults);
        Setting other = setting.without(omitted);
        Simulation.Outcome without = other.run();
        return without.broken().isPresent() ? Optional.of(new Failure(other, without)) : Optional.empty();
    }
}
