package dev.runnel.generator;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Waits for something that comes again and again. It costs one timer for each limit, however often it is touched: the timer
 * looks when it fires and waits for what is left. Belongs to one context.
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

    /** @param missed runs on the context that called {@link #set}, once for each limit that passes */
    Deadline(Vertx vertx, LongSupplier nanos, Runnable missed) {
        this.vertx = vertx;
        this.nanos = nanos;
        this.missed = missed;
    }

    /** Begins to wait for so long, in place of what it waited for before. */
    void set(Duration limit) {
        cancel();
        limitNanos = limit.toNanos();
        touch();
        arm(limitNanos);
    }

    /**
     * What was waited for came; waits for the next, as long again.
     *
     * @return for how long it was waited for, in nanoseconds
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
