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
 * A limit of N per minute: a bucket of N that refills evenly, exact to the nanosecond. Not safe for use by several
 * threads: {@link Ledger} locks.
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

    /** Changes the limit and keeps the content. */
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

    /** Consumes an amount, also when the bucket has less: then it is in debt. */
    void consume(long amount) {
        if (amount > 0) {
            bucket.consumeIgnoringRateLimits(amount);
        }
    }

    /** Adds an amount. What exceeds the limit is lost. */
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
     * Whole seconds until an amount is available. Bucket4j's own estimate rounds down to nanoseconds, so a caller that
     * waited exactly that long could be refused again. This one rounds up.
     */
    long secondsUntil(long amount) {
        BucketState state = bucket.asVerbose().getAvailableTokens().getState();
        long lacking = amount - state.getCurrentSize(0);
        if (lacking <= 0) {
            return 0;
        }
        long wholeMinutes = lacking / limit;
        // Less than 100 000 000 · 60 · 10^9, which a long holds: see Allowance.MAX_TOKENS_PER_MINUTE.
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
