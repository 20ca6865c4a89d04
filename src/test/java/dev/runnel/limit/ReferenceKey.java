package dev.runnel.limit;

import dev.runnel.config.Allowance;
import java.util.OptionalInt;

/**
 * The rules of the page keys-and-limits.md for one key, written as plainly as can be: levels in fractions of 1 / (60 ·
 * 10^9).
 */
final class ReferenceKey {

    static final long UNIT = 60_000_000_000L;

    enum Decision {
        ADMITTED,
        EXCEEDS_PLAN,
        CONCURRENCY,
        RATE
    }

    /** "N per minute". */
    static final class Level {

        private final long limit;
        private long units;
        private long at;

        Level(int limit, long now) {
            this.limit = limit;
            this.units = limit * UNIT;
            this.at = now;
        }

        long at(long now) {
            // More than a full minute from the deepest debt cannot occur in one step of these tests.
            long refilled = units + Math.multiplyExact(limit, now - at);
            return Math.min(limit * UNIT, refilled);
        }

        void use(long amount, long now) {
            units = Math.min(limit * UNIT, at(now) - amount * UNIT);
            at = now;
        }

        boolean has(long amount, long now) {
            return at(now) >= amount * UNIT;
        }
    }

    final Allowance allowance;
    int running;
    private final Level requests;
    private final Level tokens;

    ReferenceKey(Allowance allowance, long now) {
        this.allowance = allowance;
        this.requests = level(allowance.requestsPerMinute(), now);
        this.tokens = level(allowance.tokensPerMinute(), now);
    }

    private static Level level(OptionalInt limit, long now) {
        return limit.isPresent() ? new Level(limit.getAsInt(), now) : null;
    }

    Decision decide(Demand demand, long now) {
        if (tokens != null && demand.tokens() > tokens.limit) {
            return Decision.EXCEEDS_PLAN;
        }
        if (allowance.concurrentGenerations().isPresent()
                && running >= allowance.concurrentGenerations().getAsInt()) {
            return Decision.CONCURRENCY;
        }
        return has(demand, now) ? Decision.ADMITTED : Decision.RATE;
    }

    /** Whether both buckets hold what a demand needs, at that time and with no use until then. */
    boolean has(Demand demand, long at) {
        return (requests == null || requests.has(1, at)) && (tokens == null || tokens.has(demand.tokens(), at));
    }

    void take(Demand demand, long now) {
        running++;
        if (requests != null) {
            requests.use(1, now);
        }
        if (tokens != null) {
            tokens.use(demand.tokens(), now);
        }
    }

    void settle(Demand demand, long used, long now) {
        running--;
        if (tokens != null) {
            tokens.use(used - demand.tokens(), now);
        }
    }

    int remainingRequests(long now) {
        return remaining(requests, now);
    }

    int remainingTokens(long now) {
        return remaining(tokens, now);
    }

    private static int remaining(Level level, long now) {
        return level == null ? -1 : (int) Math.max(0, Math.floorDiv(level.at(now), UNIT));
    }
}
