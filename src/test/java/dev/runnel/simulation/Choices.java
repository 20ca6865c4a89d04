package dev.runnel.simulation;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a seed decides. Each place draws from a source of its own, so that leaving out a fault at one place does not
 * change the draws of the others.
 */
final class Choices {

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final Set<String> omitted;
    private final String part;
    private final Progress progress;

    /** What all parts share. */
    private static final class Progress {

        private final Set<String> happened = new LinkedHashSet<>();
        private boolean calm;
    }

    /** @param omitted the names of faults that do not happen */
    Choices(long seed, Set<String> omitted) {
        this(seed, omitted, "", new Progress());
    }

    private Choices(long seed, Set<String> omitted, String part, Progress progress) {
        this.seed = seed;
        this.omitted = Set.copyOf(omitted);
        this.part = part;
        this.progress = progress;
    }

    /** The same seed for one of several equal parts: each place there draws from a source of its own. */
    Choices of(String name) {
        return new Choices(seed, omitted, part + name + " ", progress);
    }

    /** The source of one place. */
    Draws at(String place) {
        String full = part + place;
        return new Draws(full, new SplittableRandom(seed * SPREAD + full.hashCode()));
    }

    /** From now on no fault happens. */
    void calmDown() {
        progress.calm = true;
    }

    boolean isCalm() {
        return progress.calm;
    }

    /** The faults that happened so far, by their names. */
    Set<String> faults() {
        return progress.happened;
    }

    /** The draws of one place. */
    final class Draws {

        private final String place;
        private final SplittableRandom random;

        private Draws(String place, SplittableRandom random) {
            this.place = place;
            this.random = random;
        }

        SplittableRandom random() {
            return random;
        }

        /** Least to most, both included. */
        int between(int least, int most) {
            return random.nextInt(least, most + 1);
        }

        boolean chance(double probability) {
            return random.nextDouble() < probability;
        }

        /** As {@link #chance}, of a fault that can be left out. */
        boolean fault(double probability, String name) {
            if (!chance(probability) || progress.calm) {
                return false;
            }
            String full = place + ": " + name;
            if (omitted.contains(full)) {
                return false;
            }
            progress.happened.add(full);
            return true;
        }
    }
}
