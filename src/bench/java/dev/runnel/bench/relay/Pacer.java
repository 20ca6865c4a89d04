package dev.runnel.bench.relay;

import io.netty.channel.EventLoop;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls streams when they are due, to the millisecond. For one event loop. */
final class Pacer {

    private static final long TICK_NANOS = 1_000_000;

    private final EventLoop loop;
    private final PriorityQueue<Turn> turns = new PriorityQueue<>();
    private @Nullable ScheduledFuture<?> ticking;

    /** A stream's next token. */
    private record Turn(long dueNanos, Runnable work) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            return Long.compare(dueNanos - other.dueNanos, 0);
        }
    }

    Pacer(EventLoop loop) {
        this.loop = loop;
    }

    /** @param dueNanos of {@link System#nanoTime} */
    void at(long dueNanos, Runnable work) {
        turns.add(new Turn(dueNanos, work));
        if (ticking == null) {
            schedule();
        }
    }

    private void schedule() {
        Turn next = turns.peek();
        if (next == null) {
            ticking = null;
            return;
        }
        long wait = Math.max(TICK_NANOS, next.dueNanos - System.nanoTime());
        ticking = loop.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        for (Turn next = turns.peek(); next != null && next.dueNanos <= now; next = turns.peek()) {
            turns.remove();
            next.work.run();
        }
        schedule();
    }
}
