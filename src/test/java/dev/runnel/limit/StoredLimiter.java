package dev.runnel.limit;

import dev.runnel.config.Allowance;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Limits whose ledgers are stored as bytes, as a cluster does it. What has expired is gone. */
final class StoredLimiter implements MeteredLimiter {

    private static final String NODE = "a";

    private final LongSupplier nanos;
    private final Map<String, Stored> ledgers = new HashMap<>();
    private long lastPermit;
    private int running;

    private record Stored(Buffer bytes, long expiresNanos) {}

    StoredLimiter(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private LimitAnswer apply(String keyId, LimitStep step) {
        expire();
        StoredLedger ledger = new StoredLedger(Optional.ofNullable(ledgers.get(keyId))
                .map(stored -> stored.bytes().getBytes())
                .orElse(null));
        byte[] answer = ledger.apply(step.bytes(), nanos.getAsLong(), node -> false, true);
        if (ledger.isChanged()) {
            ledgers.remove(keyId);
            long expires =
                    nanos.getAsLong() + Duration.ofSeconds(ledger.keptSeconds()).toNanos();
            ledger.bytes().ifPresent(bytes -> ledgers.put(keyId, new Stored(Buffer.buffer(bytes), expires)));
        }
        return LimitAnswer.of(answer);
    }

    private void expire() {
        ledgers.values().removeIf(stored -> stored.expiresNanos() <= nanos.getAsLong());
    }

    @Override
    public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
        if (!allowance.isLimited()) {
            return new LocalLimiter(nanos).admit(keyId, allowance, demand);
        }
        long permit = ++lastPermit;
        LimitDecision decision = apply(keyId, new LimitStep.Admit(NODE, permit, allowance, demand, true, 0))
                .decision(allowance, demand, used -> {
                    running--;
                    apply(keyId, new LimitStep.Settle(NODE, permit, used));
                });
        running += decision instanceof LimitDecision.Admitted ? 1 : 0;
        return Future.succeededFuture(decision);
    }

    @Override
    public Future<LimitState> state(String keyId, Allowance allowance) {
        return Future.succeededFuture(
                apply(keyId, new LimitStep.Look(NODE, allowance)).state(allowance));
    }

    @Override
    public int keys() {
        expire();
        return ledgers.size();
    }

    @Override
    public int running() {
        return running;
    }
}
