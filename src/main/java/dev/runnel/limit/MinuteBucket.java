package dev.runnel.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/**
 * "N per minute" as a bucket of N that refills evenly, exact to the nanosecond. Not safe for use by several threads: its
 * {@link Ledger} locks.
 */
final class MinuteBucket {

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final Bucket bucket;
    private int limit;

    MinuteBucket(int limit, TimeMeter clock) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .addLimit(perMinute(limit))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    int limit() {
        return limit;
    }

    /** Goes on with another limit and what is in it now. */
    void adapt(int newLimit) {
        if (newLimit != limit) {
            limit = newLimit;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(perMinute(newLimit)).build(),
                    TokensInheritanceStrategy.AS_IS);
        }
    }

    boolean has(long amount) {
        return bucket.getAvailableTokens() >= amount;
    }

    boolean isFull() {
        return has(limit);
    }

    /** Takes an amount whether it is there or not. */
    void take(long amount) {
        if (amount > 0) {
            bucket.consumeIgnoringRateLimits(amount);
        }
    }

    /** What does not fit is lost. */
    void giveBack(long amount) {
        if (amount > 0) {
            bucket.addTokens(amount);
        }
    }

    Window window() {
        int remaining = (int) Math.max(0, bucket.getAvailableTokens());
        return new Window(limit, remaining, secondsUntil(limit));
    }

    /**
     * Whole seconds until an amount is there. Bucket4j's own estimate rounds down to nanoseconds, so that a caller who waited
     * just so long could be refused again; this one rounds up.
     */
    long secondsUntil(long amount) {
        BucketState state = bucket.asVerbose().getAvailableTokens().getState();
        long lacking = amount - state.getCurrentSize(0);
        if (lacking <= 0) {
            return 0;
        }
        long wholeMinutes = lacking / limit;
        // Below 100 000 000 · 60 · 10^9, and so within a long: see Allowance.MAX_TOKENS_PER_MINUTE.
        long rest = (lacking % limit) * MINUTE_NANOS - state.getRoundingError(0);
        long nanos = wholeMinutes * MINUTE_NANOS + ceilDiv(rest, limit);
        return ceilDiv(nanos, SECOND_NANOS);
    }

    private static Bandwidth perMinute(int limit) {
        return Bandwidth.builder()
                .capacity(limit)
                .refillGreedy(limit, Duration.ofMinutes(1))
                .build();
    }

    private static long ceilDiv(long dividend, long divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }
}
