package dev.runnel.limit;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/** The right to one generation, with what is reserved for it. Safe for use by several threads. */
public final class Permit {

    private final LongConsumer settlement;
    private final AtomicBoolean settled = new AtomicBoolean();

    Permit(LongConsumer settlement) {
        this.settlement = settlement;
    }

    /**
     * Puts what was used in place of what was reserved and gives back the slot. Only the first call counts, so that several
     * ways to an end may call it.
     *
     * @param usedTokens prompt and completion together, 0 where it never started
     * @return whether this was the first call
     */
    public boolean settle(long usedTokens) {
        if (usedTokens < 0) {
            throw new IllegalArgumentException("usedTokens: " + usedTokens + " (expected: 0 or more)");
        }
        boolean first = settled.compareAndSet(false, true);
        if (first) {
            settlement.accept(usedTokens);
        }
        return first;
    }
}
