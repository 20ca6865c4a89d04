package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
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
public final class LocalLimiter implements MeteredLimiter {

    /** The most keys with a ledger at once. A ledger uses about 0.5 KB. */
    static final int MAX_KEYS = 100_000;

    private static final int CHECKED = 2;
    private static final int CHECKED_WHEN_CROWDED = 1_000;

    private final LongSupplier nanos;
    private final int maxKeys;
    private final ConcurrentHashMap<String, LocalLedger> ledgers = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Iterator<Map.Entry<String, LocalLedger>>> round = new AtomicReference<>();

    /**
     * Makes a limiter without ledgers.
     *
     * @param nanos a monotonic clock, such as {@link System#nanoTime}
     */
    public LocalLimiter(LongSupplier nanos) {
        this(nanos, MAX_KEYS);
    }

    LocalLimiter(LongSupplier nanos, int maxKeys) {
        this.nanos = nanos;
        this.maxKeys = maxKeys;
    }

    @Override
    public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
        removeUnused();
        if (!allowance.isLimited()) {
            return Future.succeededFuture(new Admitted(new Permit(used -> {}), LimitState.UNLIMITED));
        }
        return Future.succeededFuture(
                demand.exceeds(allowance)
                        ? refused(Reason.EXCEEDS_PLAN, 0, keyId, allowance, demand)
                        : decided(keyId, allowance, demand));
    }

    @Override
    public Future<LimitState> state(String keyId, Allowance allowance) {
        return Future.succeededFuture(stateNow(keyId, allowance));
    }

    /** How many keys have a ledger: those with a running generation or a bucket that was not full a short time ago. */
    @Override
    public int keys() {
        return ledgers.size();
    }

    /** How many generations are admitted and not settled. Those of unlimited keys are not counted. */
    @Override
    public int running() {
        return ledgers.values().stream().mapToInt(LocalLedger::running).sum();
    }

    private LimitDecision decided(String keyId, Allowance allowance, Demand demand) {
        while (true) {
            LocalLedger ledger = ledgers.get(keyId);
            if (ledger == null) {
                if (ledgers.size() >= maxKeys) {
                    return refused(Reason.CROWDED, 1, keyId, allowance, demand);
                }
                ledger = ledgers.computeIfAbsent(keyId, id -> new LocalLedger(nanos));
            }
            Optional<LimitDecision> decision = ledger.admit(allowance, demand);
            if (decision.isPresent()) {
                return decision.get();
            }
            ledgers.remove(keyId, ledger);
        }
    }

    private LimitState stateNow(String keyId, Allowance allowance) {
        LocalLedger ledger = ledgers.get(keyId);
        return ledger == null ? LimitState.unused(allowance) : ledger.state(allowance);
    }

    private LimitDecision refused(
            Reason reason, int retryAfterSeconds, String keyId, Allowance allowance, Demand demand) {
        return new Verdict(Optional.of(reason), retryAfterSeconds, stateNow(keyId, allowance))
                .refused(reason, allowance, demand);
    }

    private void removeUnused() {
        // The thread that gets the iterator continues the round. The others start at the front and do not wait.
        Iterator<Map.Entry<String, LocalLedger>> entries = round.getAndSet(null);
        if (entries == null || !entries.hasNext()) {
            entries = ledgers.entrySet().iterator();
        }
        int most = ledgers.size() < maxKeys ? CHECKED : CHECKED_WHEN_CROWDED;
        for (int i = 0; i < most && entries.hasNext(); i++) {
            Map.Entry<String, LocalLedger> entry = entries.next();
            if (entry.getValue().closeIfUnused()) {
                // Not with the iterator: it would also remove a new ledger that another thread has made for the key.
                ledgers.remove(entry.getKey(), entry.getValue());
            }
        }
        round.set(entries);
    }
}
