package dev.runnel.simulation;

import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Finds the first seed that breaks a rule. Public, so that it can be called in classes that were loaded anew. */
public final class SeedSearch implements LongFunction<String> {

    private static final long EVERY = 10;

    /** @return what the first seed of 10, 20, … breaks, all of which go through HTTP; empty if none does */
    @Override
    public String apply(long last) {
        return LongStream.rangeClosed(1, last / EVERY)
                .parallel()
                .mapToObj(number -> Seed.of(number * EVERY))
                .flatMap(setting -> broken(setting).stream())
                .findFirst()
                .orElse("");
    }

    private static Optional<String> broken(Seed setting) {
        return setting.run().broken().map(rule -> "seed " + setting.seed() + ": " + rule);
    }
}
