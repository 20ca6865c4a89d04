package dev.runnel.limit;

import dev.runnel.config.Allowance;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a key has left. A limit that the key does not have is empty.
 *
 * @param generations how many generations may wait or run at once
 * @param running how many wait or run now; 0 when their number is not limited
 */
public record LimitState(Optional<Window> requests, Optional<Window> tokens, OptionalInt generations, int running) {

    static final LimitState UNLIMITED = new LimitState(Optional.empty(), Optional.empty(), OptionalInt.empty(), 0);

    /** The state of a key with full buckets. */
    static LimitState unused(Allowance allowance) {
        return new LimitState(
                unused(allowance.requestsPerMinute()),
                unused(allowance.tokensPerMinute()),
                allowance.concurrentGenerations(),
                0);
    }

    private static Optional<Window> unused(OptionalInt limit) {
        return limit.isPresent() ? Optional.of(Window.unused(limit.getAsInt())) : Optional.empty();
    }
}
