package dev.runnel.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What must hold, whatever fails. A broken rule is noted, not thrown: it may be found within a callback whose caller
 * catches everything. The first one counts.
 */
final class Rules {

    private final Steps steps;
    private final Map<String, Integer> endings = new HashMap<>();
    private Optional<String> broken = Optional.empty();

    Rules(Steps steps) {
        this.steps = steps;
    }

    void check(boolean holds, Supplier<String> rule) {
        if (!holds) {
            fail(rule.get());
        }
    }

    void fail(String rule) {
        if (broken.isEmpty()) {
            steps.add("RULE", rule);
            broken = Optional.of(rule);
        }
    }

    /** The first rule that was broken. */
    Optional<String> broken() {
        return broken;
    }

    /** A generation's account was published. */
    void ended(String generationId) {
        int times = endings.merge(generationId, 1, Integer::sum);
        check(times == 1, () -> "generation %s has ended %d times on runnel.ended".formatted(generationId, times));
    }

    boolean hasEnded(String generationId) {
        return endings.containsKey(generationId);
    }
}
