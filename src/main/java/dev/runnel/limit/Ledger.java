package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The account of one key: what its buckets hold, and which generations run. The same code decides within a process and
 * beside the account in a cluster. Every time is in nanoseconds. Not safe for use by several threads.
 */
final class Ledger {

    /** The most generations of one key at once. Each uses 16 bytes in a cluster. */
    static final int MAX_RUNNING = Allowance.MAX_CONCURRENT_GENERATIONS;

    /** The form of the bytes. A newer one adds fields at the end. */
    private static final int FORM = 1;

    private final Holds holds;

    private @Nullable MinuteBucket requests;
    private @Nullable MinuteBucket tokens;

    Ledger() {
        this(null, null, new Holds());
    }

    private Ledger(@Nullable MinuteBucket requests, @Nullable MinuteBucket tokens, Holds holds) {
        this.requests = requests;
        this.tokens = tokens;
        this.holds = holds;
    }

    /** Reads what {@link #bytes} wrote, also on a node of another version. */
    static Ledger of(byte[] bytes) {
        try {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            in.readByte();
            return new Ledger(bucket(in), bucket(in), Holds.read(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            write(out, requests);
            write(out, tokens);
            holds.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static @Nullable MinuteBucket bucket(DataInput in) throws IOException {
        return in.readBoolean() ? MinuteBucket.read(in) : null;
    }

    private static void write(DataOutput out, @Nullable MinuteBucket bucket) throws IOException {
        out.writeBoolean(bucket != null);
        if (bucket != null) {
            bucket.write(out);
        }
    }

    /** Decides, and reserves what an admitted demand needs. A permit that it has admitted before changes nothing. */
    Verdict admit(PermitName permit, Allowance allowance, Demand demand, long nowNanos) {
        adapt(allowance, nowNanos);
        if (holds.contains(permit)) {
            return verdict(Optional.empty(), 0, allowance);
        }
        if (demand.exceeds(allowance)) {
            return verdict(Optional.of(Reason.EXCEEDS_PLAN), 0, allowance);
        }
        if (holds.count() >= allowance.concurrentGenerations().orElse(MAX_RUNNING)) {
            return verdict(Optional.of(Reason.CONCURRENCY), 1, allowance);
        }
        long requestWait = wait(requests, allowance.requestsPerMinute(), 1);
        long tokenWait = wait(tokens, allowance.tokensPerMinute(), demand.tokens());
        if (requestWait > 0 || tokenWait > 0) {
            Reason reason = tokenWait > requestWait ? Reason.TOKENS : Reason.REQUESTS;
            return verdict(Optional.of(reason), Math.max(requestWait, tokenWait), allowance);
        }
        reserve(permit, allowance, demand);
        return verdict(Optional.empty(), 0, allowance);
    }

    private void reserve(PermitName permit, Allowance allowance, Demand demand) {
        if (requests != null && allowance.requestsPerMinute().isPresent()) {
            requests.consume(1);
        }
        if (tokens != null && allowance.tokensPerMinute().isPresent()) {
            tokens.consume(demand.tokens());
            holds.add(permit, OptionalLong.of(demand.tokens()));
        } else {
            holds.add(permit, OptionalLong.empty());
        }
    }

    private Verdict verdict(Optional<Reason> refusal, long retryAfterSeconds, Allowance allowance) {
        return new Verdict(refusal, (int) Math.min(Integer.MAX_VALUE, retryAfterSeconds), current(allowance));
    }

    /**
     * Replaces a reservation with what was used.
     *
     * @return whether the permit is known. Without effect if not, as after the first time.
     */
    boolean settle(PermitName permit, long usedTokens, long nowNanos) {
        refill(nowNanos);
        if (!holds.contains(permit)) {
            return false;
        }
        OptionalLong reserved = holds.remove(permit);
        if (reserved.isPresent() && tokens != null) {
            tokens.giveBack(reserved.getAsLong() - usedTokens);
            tokens.consume(usedTokens - reserved.getAsLong());
        }
        return true;
    }

    LimitState state(Allowance allowance, long nowNanos) {
        adapt(allowance, nowNanos);
        return current(allowance);
    }

    private LimitState current(Allowance allowance) {
        return new LimitState(
                window(requests, allowance.requestsPerMinute()),
                window(tokens, allowance.tokensPerMinute()),
                allowance.concurrentGenerations(),
                allowance.concurrentGenerations().isPresent() ? holds.count() : 0);
    }

    /** Whether a new ledger would have the same state. */
    boolean isUnused(long nowNanos) {
        refill(nowNanos);
        return holds.count() == 0 && (requests == null || requests.isFull()) && (tokens == null || tokens.isFull());
    }

    /** Seconds after which it is unused, if nothing runs and no further request comes. */
    long secondsUntilFull() {
        return Math.max(
                requests == null ? 0 : requests.secondsUntilFull(), tokens == null ? 0 : tokens.secondsUntilFull());
    }

    /** Generations that are admitted and not settled. */
    int running() {
        return holds.count();
    }

    /**
     * Settles what nodes hold that are no members any more: their reservations stay charged.
     *
     * @return whether there was one
     */
    boolean keepOnly(Predicate<String> isMember) {
        int before = holds.count();
        holds.keepOnly(isMember);
        return holds.count() < before;
    }

    /**
     * Settles what a node holds below a permit: the steps that settled it were lost.
     *
     * @return whether there was one
     */
    boolean removeBelow(PermitName lowestOpen) {
        int before = holds.count();
        holds.removeBelow(lowestOpen);
        return holds.count() < before;
    }

    private void refill(long nowNanos) {
        if (requests != null) {
            requests.refill(nowNanos);
        }
        if (tokens != null) {
            tokens.refill(nowNanos);
        }
    }

    private void adapt(Allowance allowance, long nowNanos) {
        refill(nowNanos);
        requests = adapted(requests, allowance.requestsPerMinute(), nowNanos);
        tokens = adapted(tokens, allowance.tokensPerMinute(), nowNanos);
    }

    private static @Nullable MinuteBucket adapted(@Nullable MinuteBucket bucket, OptionalInt limit, long nowNanos) {
        if (limit.isEmpty()) {
            return bucket;
        }
        if (bucket == null) {
            return new MinuteBucket(limit.getAsInt(), nowNanos);
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
