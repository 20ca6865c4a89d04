package dev.runnel.limit;

import dev.runnel.config.Allowance;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a key stands. What is unlimited is empty.
 *
 * @param generations how many may wait and run at once
 * @param running how many do, 0 where that is not limited
 */
public record LimitState(Optional<Window> requests, Optional<Window> tokens, OptionalInt generations, int running) {

    static final LimitState UNLIMITED = new LimitState(Optional.empty(), Optional.empty(), OptionalInt.empty(), 0);

    /** Of a key that has used nothing lately. */
    static LimitState untouched(Allowance allowance) {
        return new LimitState(
                untouched(allowance.requestsPerMinute()),
                untouched(allowance.tokensPerMinute()),
                allowance.concurrentGenerations(),
                0);
    }

    private static Optional<Window> untouched(OptionalInt limit) {
        return limit.isPresent() ? Optional.of(Window.untouched(limit.getAsInt())) : Optional.empty();
    }
}
