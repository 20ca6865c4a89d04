package dev.runnel.generator;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A time limit for an event that repeats. It costs one timer per limit, however often the event occurs. When the timer
 * fires, it checks the time of the last event and waits for the rest of the limit. Belongs to one context.
 */
final class Deadline {

    private static final long NO_TIMER = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;
    private final LongSupplier nanos;
    private final Runnable missed;

    private long limitNanos;
    private long touchedNanos;
    private long timer = NO_TIMER;

    /** @param missed runs on the context that called {@link #set}, once for each limit that is exceeded */
    Deadline(Vertx vertx, LongSupplier nanos, Runnable missed) {
        this.vertx = vertx;
        this.nanos = nanos;
        this.missed = missed;
    }

    /** Starts to wait, and replaces the limit before. */
    void set(Duration limit) {
        cancel();
        limitNanos = limit.toNanos();
        touch();
        arm(limitNanos);
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
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private void arm(long delayNanos) {
        timer = vertx.setTimer(1 + delayNanos / NANOS_PER_MILLI, fired -> check());
    }

    private void check() {
        timer = NO_TIMER;
        long left = limitNanos - (nanos.getAsLong() - touchedNanos);
        if (left > 0) {
            arm(left);
        } else {
            missed.run();
        }
    }
}
