package dev.runnel.limit;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;

/**
 * A limit of N per minute: a bucket of N that refills evenly, exact to the nanosecond. Every time is in nanoseconds, of
 * one clock. Where that clock goes back, as between two members of a cluster, the bucket gains nothing and loses
 * nothing. Not safe for use by several threads.
 */
final class MinuteBucket {

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private int limit;
    /** Below 0 while the bucket is in debt. */
    private long content;
    /** What is there besides the content: 0 … 60 · 10^9 - 1, of which 60 · 10^9 are 1. */
    private long rest;

    private long atNanos;

    /** A full one. */
    MinuteBucket(int limit, long nowNanos) {
        this(limit, limit, 0, nowNanos);
    }

    private MinuteBucket(int limit, long content, long rest, long atNanos) {
        this.limit = limit;
        this.content = content;
        this.rest = rest;
        this.atNanos = atNanos;
    }

    static MinuteBucket read(DataInput in) throws IOException {
        return new MinuteBucket(in.readInt(), in.readLong(), in.readLong(), in.readLong());
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(limit);
        out.writeLong(content);
        out.writeLong(rest);
        out.writeLong(atNanos);
    }

    /** Adds what has refilled until now. Called before every other method. */
    void refill(long nowNanos) {
        long passed = Math.max(0, nowNanos - atNanos);
        atNanos = nowNanos;
        content += passed / MINUTE_NANOS * limit;
        // Less than 60 · 10^9 · (100 000 000 + 1), which a long holds: see Allowance.MAX_TOKENS_PER_MINUTE.
        long more = passed % MINUTE_NANOS * limit + rest;
        content += more / MINUTE_NANOS;
        rest = more % MINUTE_NANOS;
        cap();
    }

    private void cap() {
        if (content >= limit) {
            content = limit;
            rest = 0;
        }
    }

    /** Changes the limit and keeps the content, as far as it fits. */
    void adapt(int newLimit) {
        limit = newLimit;
        cap();
    }

    boolean has(long amount) {
        return content >= amount;
    }

    boolean isFull() {
        return has(limit);
    }

    /** Consumes an amount, also when the bucket has less: then it is in debt. */
    void consume(long amount) {
        content -= Math.max(0, amount);
    }

    /** Adds an amount. What exceeds the limit is lost. */
    void giveBack(long amount) {
        content += Math.max(0, amount);
        cap();
    }

    Window window() {
        return new Window(limit, (int) Math.max(0, content), secondsUntil(limit));
    }

    /** Whole seconds until the bucket is full if nothing is used. */
    long secondsUntilFull() {
        return secondsUntil(limit);
    }

    /** Whole seconds until an amount is available. A caller that waits exactly that long is not refused again. */
    long secondsUntil(long amount) {
        long lacking = amount - content;
        if (lacking <= 0) {
            return 0;
        }
        long wholeMinutes = lacking / limit;
        long missing = (lacking % limit) * MINUTE_NANOS - rest;
        long nanos = wholeMinutes * MINUTE_NANOS + ceilDiv(missing, limit);
        return ceilDiv(nanos, SECOND_NANOS);
    }

    private static long ceilDiv(long dividend, long divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }
}
