package dev.runnel.simulation;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Runs what is ready, one piece at a time: a task of any event loop, or an event of the network. */
final class Turns {

    private static final int MAX_STEPS = 400_000;

    private final World world;
    private final Choices.Draws order;
    private final Watch watch;
    private final List<Turn> all = new ArrayList<>();
    private boolean isClosing;

    /** What a simulation does between the pieces. */
    interface Watch {

        /** No work is ready: the time is going to move. */
        void timeMoves();

        /** The time has moved. */
        void timeHasMoved();

        /** A piece has run. */
        void hasRun();
    }

    /** The machine that a loop belongs to. */
    interface Machine {

        /** One that is never stopped. */
        Machine RUNNING = new Machine() {

            @Override
            public boolean runs() {
                return true;
            }

            @Override
            public long realNanos(long ownNanos) {
                return ownNanos;
            }
        };

        /** Whether its loops run. */
        boolean runs();

        /** When its clock will show a time, by the clock of the simulation. */
        long realNanos(long ownNanos);
    }

    private record Turn(SimulatedLoop loop, Machine machine) {}

    /** @param order decides what runs next, of what is ready */
    Turns(World world, Choices.Draws order, Watch watch) {
        this.world = world;
        this.order = order;
        this.watch = watch;
    }

    void add(List<SimulatedLoop> loops, Machine machine) {
        loops.forEach(loop -> all.add(new Turn(loop, machine)));
    }

    /** Runs until a time, or until a rule is broken. */
    void runUntil(long endNanos) {
        runUntil(endNanos, () -> false);
        world.clock().moveTo(endNanos);
    }

    /** Runs until something holds when no work is ready, or until a time, or until a rule is broken. */
    void runUntil(long endNanos, BooleanSupplier holds) {
        while (world.rules().broken().isEmpty()) {
            if (!isReady()) {
                long next = nextNanos();
                if (next > endNanos || holds.getAsBoolean()) {
                    break;
                }
                watch.timeMoves();
                world.clock().moveTo(next);
                watch.timeHasMoved();
            }
            step();
            watch.hasRun();
            boolean isShort = world.steps().count() < MAX_STEPS;
            world.rules().check(isShort, () -> "no end within %d steps".formatted(MAX_STEPS));
        }
    }

    /** Runs all processes until something is complete, for so long at most. Not a part of the run. */
    void close(Future<?> closed, long nanos) {
        isClosing = true;
        long end = world.clock().nanoTime() + nanos;
        while (isReady() || (!closed.isComplete() && nextNanos() < end)) {
            if (!isReady()) {
                world.clock().moveTo(nextNanos());
            }
            step();
        }
    }

    private boolean isReady(Turn turn) {
        return (isClosing || turn.machine().runs()) && turn.loop().isReady();
    }

    private boolean isReady() {
        boolean isReady = world.network().isReady();
        for (int i = 0; i < all.size() && !isReady; i++) {
            isReady = isReady(all.get(i));
        }
        return isReady;
    }

    private long nextNanos() {
        long next = world.network().nextNanos();
        for (Turn turn : all) {
            if (isClosing || turn.machine().runs()) {
                next = Math.min(next, turn.machine().realNanos(turn.loop().nextTimerNanos()));
            }
        }
        return next;
    }

    private void step() {
        int first = order.between(0, all.size());
        for (int i = 0; i <= all.size(); i++) {
            int chosen = (first + i) % (all.size() + 1);
            if (chosen == all.size() && world.network().isReady()) {
                world.steps().add("network", world.network().runOne());
                break;
            }
            if (chosen < all.size() && isReady(all.get(chosen))) {
                SimulatedLoop loop = all.get(chosen).loop();
                world.steps().ran(loop.name());
                loop.runOne();
                break;
            }
        }
    }
}
