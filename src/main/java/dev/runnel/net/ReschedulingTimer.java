package dev.runnel.net;

import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * One timer for a time that moves on: what moves it only notes the time, and the timer checks when it fires. If it
 * fired early, it is armed again for the rest. So an event costs no timer. Belongs to one context.
 */
public final class ReschedulingTimer {

    private static final long NO_TIMER = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;
    private final LongSupplier check;
    private long timer = NO_TIMER;

    /**
     * Makes a timer that is not armed.
     *
     * @param check runs when the timer fires, on the context that called {@link #start}. Returns the time until the
     *     next check in nanoseconds, or 0 for no further check
     */
    public ReschedulingTimer(Vertx vertx, LongSupplier check) {
        this.vertx = vertx;
        this.check = check;
    }

    /** Arms the timer, in place of the time it was armed for before. It never fires earlier than this delay. */
    public void start(long delayNanos) {
        stop();
        timer = vertx.setTimer(1 + delayNanos / NANOS_PER_MILLI, this::fired);
    }

    /** Has no effect on a timer that is not armed. */
    public void stop() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private void fired(long id) {
        timer = NO_TIMER;
        long nextNanos = check.getAsLong();
        if (nextNanos > 0) {
            start(nextNanos);
        }
    }
}
