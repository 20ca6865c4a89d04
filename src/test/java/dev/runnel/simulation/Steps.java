package dev.runnel.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** What happened, in its order: the last steps, and a hash of all. */
final class Steps {

    private static final int KEPT = Integer.getInteger("simulation.steps", 50);
    private static final int HASH_FACTOR = 31;
    private static final double NANOS_PER_MILLI = 1e6;

    private final VirtualClock clock;
    private final Deque<Step> last = new ArrayDeque<>(KEPT);
    private long hash;
    private long count;

    /** Tasks of one loop, one after another. */
    private static final class Tasks {

        private int count = 1;

        @Override
        public String toString() {
            return count == 1 ? "runs a task" : "runs " + count + " tasks";
        }
    }

    private record Step(long nanos, String where, Object what) {

        @Override
        public String toString() {
            return "%10.1f ms  %-14s %s".formatted(nanos / NANOS_PER_MILLI, where, what);
        }
    }

    Steps(VirtualClock clock) {
        this.clock = clock;
    }

    /** @param what with the same text in each run of the seed */
    void add(String where, Object what) {
        count++;
        hash = HASH_FACTOR * (HASH_FACTOR * (HASH_FACTOR * hash + clock.nanoTime()) + where.hashCode())
                + what.toString().hashCode();
        keep(new Step(clock.nanoTime(), where, what));
    }

    /** A loop has run a task. */
    void ran(String loop) {
        count++;
        hash = HASH_FACTOR * (HASH_FACTOR * hash + clock.nanoTime()) + loop.hashCode();
        if (!last.isEmpty()
                && last.getLast().what() instanceof Tasks tasks
                && last.getLast().where().equals(loop)) {
            tasks.count++;
        } else {
            keep(new Step(clock.nanoTime(), loop, new Tasks()));
        }
    }

    private void keep(Step step) {
        if (last.size() == KEPT) {
            last.remove();
        }
        last.add(step);
    }

    long hash() {
        return hash;
    }

    long count() {
        return count;
    }

    String lastOnes() {
        return last.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }
}
