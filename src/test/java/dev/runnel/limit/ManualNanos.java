package dev.runnel.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that the test advances. */
final class ManualNanos implements LongSupplier {

    // Not zero, and before it, as System.nanoTime may be.
    private final AtomicLong now = new AtomicLong(-Duration.ofMinutes(3).toNanos());

    @Override
    public long getAsLong() {
        return now.get();
    }

    void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    void setTo(long nanos) {
        now.set(nanos);
    }
}
