package dev.runnel.limit;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/** The right to run one generation, with the tokens reserved for it. Safe for use by several threads. */
public final class Permit {

    private final LongConsumer settlement;
    private final AtomicBoolean settled = new AtomicBoolean();

    Permit(LongConsumer settlement) {
        this.settlement = settlement;
    }

    /**
     * Replaces the reservation with what was used and releases the slot. Only the first call counts, so that each way a
     * generation can end may call it.
     *
     * @param usedTokens prompt and completion together, 0 or more; 0 when the generation did not start
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
