package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import io.github.bucket4j.TimeMeter;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The account of one key: what its buckets hold and how many generations run. Each method holds the ledger's lock. */
final class Ledger {

    private final TimeMeter clock;

    private @Nullable MinuteBucket requests;
    private @Nullable MinuteBucket tokens;
    private int running;
    private boolean closed;

    Ledger(TimeMeter clock) {
        this.clock = clock;
    }

    /** Decides, and reserves what an admitted demand needs. Empty when this ledger is closed: ask a new one. */
    synchronized Optional<LimitDecision> admit(Allowance allowance, Demand demand) {
        if (closed) {
            return Optional.empty();
        }
        requests = adapted(requests, allowance.requestsPerMinute());
        tokens = adapted(tokens, allowance.tokensPerMinute());
        if (running >= allowance.concurrentGenerations().orElse(Integer.MAX_VALUE)) {
            return Optional.of(refusedAsTooManyAtOnce(allowance));
        }
        long requestWait = wait(requests, allowance.requestsPerMinute(), 1);
        long tokenWait = wait(tokens, allowance.tokensPerMinute(), demand.tokens());
        if (requestWait > 0 || tokenWait > 0) {
            return Optional.of(refusedForNow(allowance, requestWait, tokenWait));
        }
        return Optional.of(admitted(allowance, demand));
    }

    synchronized LimitState state(Allowance allowance) {
        requests = adapted(requests, allowance.requestsPerMinute());
        tokens = adapted(tokens, allowance.tokensPerMinute());
        return new LimitState(
                window(requests, allowance.requestsPerMinute()),
                window(tokens, allowance.tokensPerMinute()),
                allowance.concurrentGenerations(),
                allowance.concurrentGenerations().isPresent() ? running : 0);
    }

    /** Closes the ledger if a new one would have the same state. */
    synchronized boolean closeIfUnused() {
        closed = closed
                || (running == 0 && (requests == null || requests.isFull()) && (tokens == null || tokens.isFull()));
        return closed;
    }

    synchronized int running() {
        return running;
    }

    private LimitDecision admitted(Allowance allowance, Demand demand) {
        running++;
        if (requests != null && allowance.requestsPerMinute().isPresent()) {
            requests.consume(1);
        }
        MinuteBucket reservedFrom = allowance.tokensPerMinute().isPresent() ? tokens : null;
        if (reservedFrom != null) {
            reservedFrom.consume(demand.tokens());
        }
        return new Admitted(new Permit(used -> settle(reservedFrom, demand.tokens(), used)), state(allowance));
    }

    private synchronized void settle(@Nullable MinuteBucket reservedFrom, long reserved, long used) {
        running--;
        if (reservedFrom != null) {
            reservedFrom.giveBack(reserved - used);
            reservedFrom.consume(used - reserved);
        }
    }

    private Refused refusedAsTooManyAtOnce(Allowance allowance) {
        String message = "This key has " + running + " generations waiting or running (limit "
                + allowance.concurrentGenerations().orElse(0) + "): wait until one of them ends";
        return new Refused(Reason.CONCURRENCY, message, 1, state(allowance));
    }

    private Refused refusedForNow(Allowance allowance, long requestWait, long tokenWait) {
        boolean byTokens = tokenWait > requestWait;
        int seconds = (int) Math.min(Integer.MAX_VALUE, Math.max(requestWait, tokenWait));
        String message = byTokens
                ? "This key has too few tokens left of its "
                        + allowance.tokensPerMinute().orElse(0) + " per minute: try again in " + seconds
                        + " s, or with a smaller maxTokens"
                : "This key has used its " + allowance.requestsPerMinute().orElse(0)
                        + " requests per minute: try again in " + seconds + " s";
        return new Refused(byTokens ? Reason.TOKENS : Reason.REQUESTS, message, seconds, state(allowance));
    }

    private @Nullable MinuteBucket adapted(@Nullable MinuteBucket bucket, OptionalInt limit) {
        if (limit.isEmpty()) {
            return bucket;
        }
        if (bucket == null) {
            return new MinuteBucket(limit.getAsInt(), clock);
        }
        bucket.adapt(limit.getAsInt());
        return bucket;
    }

    private static long wait(@Nullable MinuteBucket bucket, OptionalInt limit, long amount) {
        return bucket == null || limit.isEmpty() || bucket.has(amount) ? 0 : bucket.secondsUntil(amount);
    }

    private static Optional<Window> window(@Nullable MinuteBucket bucket, OptionalInt limit) {
        return bucket == null || limit.isEmpty() ? Optional.empty() : Optional.of(bucket.window());
    }
}
