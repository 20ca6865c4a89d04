package dev.runnel.generator;

import dev.runnel.net.ReschedulingTimer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A time limit for an event that repeats. It costs one timer per limit, however often the event occurs. When the timer
 * fires, it checks the time of the last event and waits for the rest of the limit. Belongs to one context.
 */
final class Deadline {

    private final LongSupplier nanos;
    private final Runnable missed;
    private final ReschedulingTimer timer;

    private long limitNanos;
    private long touchedNanos;

    /** @param missed runs on the context that called {@link #set}, once for each limit that is exceeded */
    Deadline(Vertx vertx, LongSupplier nanos, Runnable missed) {
        this.nanos = nanos;
        this.missed = missed;
        this.timer = new ReschedulingTimer(vertx, this::check);
    }

    /** Starts to wait, and replaces the limit before. */
    void set(Duration limit) {
        limitNanos = limit.toNanos();
        touch();
        timer.start(limitNanos);
    }

    /**
     * The event occurred. Waits for the next one, with the same limit.
     *
     * @return how long the wait for it was, in nanoseconds
     */
    long touch() {
        long before = touchedNanos;
        touchedNanos = nanos.getAsLong();
        return touchedNanos - before;
    }

    void cancel() {
        timer.stop();
    }

    /** Returns the rest of the limit, or 0 if it was exceeded. */
    private long check() {
        long left = limitNanos - (nanos.getAsLong() - touchedNanos);
        if (left <= 0) {
            missed.run();
        }
        return Math.max(0, left);
    }
}
