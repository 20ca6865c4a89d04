package dev.runnel.simulation;

import java.util.function.LongFunction;

/** Finds the first seed that breaks a rule. Public, so that it can be called in classes that were loaded anew. */
public final class SeedSearch implements LongFunction<String> {

    /** @return what the first seed of 10, 20, … breaks, all of which go through HTTP; empty if none does */
    @Override
    public String apply(long last) {
        for (long seed = 10; seed <= last; seed += 10) {
            Simulation.Outcome outcome = Seeds.Setting.of(seed).run();
            if (outcome.broken().isPresent()) {
                return "seed " + seed + ": " + outcome.broken().get();
            }
        }
        return "";
    }
}
