package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the limits of all keys of this process. It never blocks longer than another thread's step on the same key.
 *
 * <p>A key with full buckets and no running generation needs no ledger. Each admission checks two ledgers and removes
 * those that are unused. A ledger that records a use or a debt is never removed.
 */
public final class LocalLimiter implements Limiter {

    /** The most keys with a ledger at once. A ledger uses about 0.5 KB. */
    static final int MAX_KEYS = 100_000;

    private static final int CHECKED = 2;
    private static final int CHECKED_WHEN_CROWDED = 1_000;

    private final TimeMeter clock;
    private final int maxKeys;
    private final ConcurrentHashMap<String, Ledger> ledgers = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Iterator<Map.Entry<String, Ledger>>> round = new AtomicReference<>();

    /**
     * Makes a limiter without ledgers.
     *
     * @param nanos a monotonic clock, such as {@link System#nanoTime}
     */
    public LocalLimiter(LongSupplier nanos) {
        this(nanos, MAX_KEYS);
    }

    LocalLimiter(LongSupplier nanos, int maxKeys) {
        this.clock = new NanoMeter(nanos);
        this.maxKeys = maxKeys;
    }

    @Override
    public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
        removeUnused();
        if (isUnlimited(allowance)) {
            return Future.succeededFuture(new Admitted(new Permit(used -> {}), LimitState.UNLIMITED));
        }
        int most = allowance.tokensPerMinute().orElse(Integer.MAX_VALUE);
        return demand.tokens() > most && allowance.tokensPerMinute().isPresent()
                ? Future.succeededFuture(exceedsPlan(keyId, allowance, demand))
                : Future.succeededFuture(decided(keyId, allowance, demand));
    }

    @Override
    public Future<LimitState> state(String keyId, Allowance allowance) {
        return Future.succeededFuture(stateNow(keyId, allowance));
    }

    /** How many keys have a ledger: those with a running generation or a bucket that was not full a short time ago. */
    public int keys() {
        return ledgers.size();
    }

    /** How many generations are admitted and not settled. Those of unlimited keys are not counted. */
    public int running() {
        return ledgers.values().stream().mapToInt(Ledger::running).sum();
    }

    private LimitDecision decided(String keyId, Allowance allowance, Demand demand) {
        while (true) {
            Ledger ledger = ledgers.get(keyId);
            if (ledger == null) {
                if (ledgers.size() >= maxKeys) {
                    return crowded(allowance);
                }
                ledger = ledgers.computeIfAbsent(keyId, id -> new Ledger(clock));
            }
            Optional<LimitDecision> decision = ledger.admit(allowance, demand);
            if (decision.isPresent()) {
                return decision.get();
            }
            ledgers.remove(keyId, ledger);
        }
    }

    private LimitState stateNow(String keyId, Allowance allowance) {
        Ledger ledger = ledgers.get(keyId);
        return ledger == null ? LimitState.unused(allowance) : ledger.state(allowance);
    }

    private Refused exceedsPlan(String keyId, Allowance allowance, Demand demand) {
        String message = "The prompt and maxTokens need " + demand.tokens() + " tokens, and this key may use "
                + allowance.tokensPerMinute().orElse(0) + " per minute: send a shorter prompt or a smaller maxTokens";
        return new Refused(Reason.EXCEEDS_PLAN, message, 0, stateNow(keyId, allowance));
    }

    private static Refused crowded(Allowance allowance) {
        return new Refused(
                Reason.CROWDED, "Too many keys are in use at once: try again in 1 s", 1, LimitState.unused(allowance));
    }

    private static boolean isUnlimited(Allowance allowance) {
        return allowance.requestsPerMinute().isEmpty()
                && allowance.tokensPerMinute().isEmpty()
                && allowance.concurrentGenerations().isEmpty();
    }

    private void removeUnused() {
        // The thread that gets the iterator continues the round. The others start at the front and do not wait.
        Iterator<Map.Entry<String, Ledger>> entries = round.getAndSet(null);
        if (entries == null || !entries.hasNext()) {
            entries = ledgers.entrySet().iterator();
        }
        int most = ledgers.size() < maxKeys ? CHECKED : CHECKED_WHEN_CROWDED;
        for (int i = 0; i < most && entries.hasNext(); i++) {
            Map.Entry<String, Ledger> entry = entries.next();
            if (entry.getValue().closeIfUnused()) {
                // Not with the iterator: it would also remove a new ledger that another thread has made for the key.
                ledgers.remove(entry.getKey(), entry.getValue());
            }
        }
        round.set(entries);
    }

    private record NanoMeter(LongSupplier nanos) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
