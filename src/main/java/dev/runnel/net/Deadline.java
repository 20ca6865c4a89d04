package dev.runnel.net;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A time limit for an event that repeats, and one for the whole. Both share one timer, however often the event occurs.
 * When the timer fires, it checks both limits and waits for the rest of the earlier one. Belongs to one context.
 */
public final class Deadline {

    private final LongSupplier nanos;
    private final Runnable missed;
    private final Runnable wholeMissed;
    private final ReschedulingTimer timer;

    private long limitNanos;
    private long touchedNanos;

    private boolean hasWhole;
    private long wholeEndNanos;

    /** A deadline for an event that repeats, without one for the whole. */
    public Deadline(Vertx vertx, LongSupplier nanos, Runnable missed) {
        this(vertx, nanos, missed, () -> {});
    }

    /**
     * Makes a deadline without limits.
     *
     * @param nanos the clock
     * @param missed runs on the context that called {@link #set}, once for each limit that is exceeded
     * @param wholeMissed runs there when the limit for the whole is exceeded
     */
    public Deadline(Vertx vertx, LongSupplier nanos, Runnable missed, Runnable wholeMissed) {
        this.nanos = nanos;
        this.missed = missed;
        this.wholeMissed = wholeMissed;
        this.timer = new ReschedulingTimer(vertx, this::check);
    }

    /** Starts to wait, and replaces the limits before. */
    public void set(Duration limit) {
        hasWhole = false;
        waitFor(limit);
    }

    /** As {@link #set}, and starts the limit for the whole too. {@link #next} keeps that one. */
    public void set(Duration limit, Duration whole) {
        hasWhole = true;
        wholeEndNanos = nanos.getAsLong() + whole.toNanos();
        waitFor(limit);
    }

    /** Starts to wait for another event. The limit for the whole goes on. */
    public void next(Duration limit) {
        waitFor(limit);
    }

    private void waitFor(Duration limit) {
        limitNanos = limit.toNanos();
        touch();
        timer.start(leftNanos(touchedNanos));
    }

    /**
     * The event occurred. Waits for the next one, with the same limit.
     *
     * @return how long the wait for it was, in nanoseconds
     */
    public long touch() {
        long before = touchedNanos;
        touchedNanos = nanos.getAsLong();
        return touchedNanos - before;
    }

    public void cancel() {
        timer.stop();
    }

    private long leftNanos(long now) {
        long left = limitNanos - (now - touchedNanos);
        return hasWhole ? Math.min(left, wholeEndNanos - now) : left;
    }

    /** Returns the time to the next check, or 0 if a limit is exceeded. */
    private long check() {
        long now = nanos.getAsLong();
        long left = leftNanos(now);
        if (left > 0) {
            return left;
        }
        if (hasWhole && wholeEndNanos - now <= 0) {
            wholeMissed.run();
        } else {
            missed.run();
        }
        return 0;
    }
}
