package dev.runnel.simulation;

import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The time of a simulation. It passes only when the simulation moves it. */
final class VirtualClock implements Ticker, InstantSource {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private long nanos;

    @Override
    public long initialNanoTime() {
        return 0;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos);
    }

    /** Moves the time forward. An earlier time has no effect. */
    void moveTo(long laterNanos) {
        nanos = Math.max(nanos, laterNanos);
    }

    long millis(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - sinceNanos);
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing sleeps in virtual time");
    }
}
