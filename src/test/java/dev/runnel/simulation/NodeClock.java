package dev.runnel.simulation;

import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The clock of one node. It stands still while its machine is paused, and then goes on from there. */
final class NodeClock implements Ticker, InstantSource {

    private static final long RUNS = -1;

    private final VirtualClock real;
    private long lostNanos;
    private long stoppedNanos = RUNS;

    NodeClock(VirtualClock real) {
        this.real = real;
    }

    void stop() {
        stoppedNanos = nanoTime();
    }

    /** Goes on. Without effect while it runs. */
    void goOn() {
        if (stoppedNanos != RUNS) {
            lostNanos = real.nanoTime() - stoppedNanos;
            stoppedNanos = RUNS;
        }
    }

    /** When it will show a time, by the clock of the simulation. */
    long realNanos(long ownNanos) {
        return ownNanos == Long.MAX_VALUE ? ownNanos : ownNanos + lostNanos;
    }

    @Override
    public long initialNanoTime() {
        return 0;
    }

    @Override
    public long nanoTime() {
        return stoppedNanos == RUNS ? real.nanoTime() - lostNanos : stoppedNanos;
    }

    @Override
    public Instant instant() {
        return real.instant();
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing sleeps in virtual time");
    }
}
