package dev.runnel.net;

import io.netty.util.concurrent.Future;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One timer for a time that moves on: what moves it only notes the time, and the timer checks when it fires. If it
 * fired early, it is armed again for the rest. So an event costs no timer. Belongs to one context.
 *
 * <p>An event loop that stood still (SIGSTOP, a paused machine, a blocked loop) runs its timers before it reads its
 * sockets. So a timer fires twice before its check: the event loop reads its sockets in between. The second time is
 * later by as much as the first one was late, but by no more than the whole delay. So time in which nothing could
 * arrive does not count.
 */
public final class ReschedulingTimer {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A timer that is later than this fires once more: the event loop stood still again. */
    private static final long LATE_NANOS = 1_000 * NANOS_PER_MILLI;

    private final Vertx vertx;
    private final LongSupplier nanos;
    private final LongSupplier check;

    private @Nullable Future<?> timer;
    private long delayNanos;
    private long dueNanos;
    /** Whether the timer has fired once since {@link #start}. */
    private boolean hasFired;

    /**
     * Makes a timer that is not armed.
     *
     * @param check runs when the time has passed, on the context that called {@link #start}. Returns the time until the
     *     next check in nanoseconds, or 0 for no further check
     */
    public ReschedulingTimer(Vertx vertx, LongSupplier check) {
        this(vertx, ContextLoop.current(vertx).clock(), check);
    }

    /** @param nanos the time by which the event loop fires timers */
    ReschedulingTimer(Vertx vertx, LongSupplier nanos, LongSupplier check) {
        this.vertx = vertx;
        this.nanos = nanos;
        this.check = check;
    }

    /** Arms the timer, in place of the time it was armed for before. It never fires earlier than this delay. */
    public void start(long delayNanos) {
        stop();
        this.delayNanos = delayNanos;
        hasFired = false;
        arm(delayNanos);
    }

    /** Has no effect on a timer that is not armed. */
    public void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void arm(long afterNanos) {
        long millis = 1 + afterNanos / NANOS_PER_MILLI;
        dueNanos = nanos.getAsLong() + millis * NANOS_PER_MILLI;
        Context context = vertx.getOrCreateContext();
        Armed armed = new Armed(context);
        armed.future = ContextLoop.of(context).loop().schedule(armed, millis, TimeUnit.MILLISECONDS);
        timer = armed.future;
    }

    /** A timer of the event loop. One of Vert.x also needs a number, an entry in a map and a hook of its context. */
    private final class Armed implements Runnable {

        private final Context context;
        private @Nullable Future<?> future;

        Armed(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            context.runOnContext(turn -> {
                // Since then it may have been stopped, or armed again.
                if (timer == future) {
                    fired();
                }
            });
        }
    }

    private void fired() {
        timer = null;
        long lateNanos = nanos.getAsLong() - dueNanos;
        if (hasFired && lateNanos < LATE_NANOS) {
            check();
        } else {
            hasFired = true;
            arm(Math.max(0, Math.min(lateNanos, delayNanos)));
        }
    }

    private void check() {
        long nextNanos = check.getAsLong();
        if (nextNanos > 0) {
            start(nextNanos);
        }
    }
}
