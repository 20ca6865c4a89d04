package dev.runnel.limit;

import dev.runnel.config.Allowance;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The ledger of one key of this process. Each method holds its lock. */
final class LocalLedger {

    private static final String NO_NODE = "";

    private final LongSupplier nanos;
    private final Ledger ledger = new Ledger();
    private long lastPermit;
    private boolean closed;

    LocalLedger(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Decides, and reserves what an admitted demand needs. Empty when this ledger is closed: ask a new one. */
    synchronized Optional<LimitDecision> admit(Allowance allowance, Demand demand) {
        if (closed) {
            return Optional.empty();
        }
        PermitName permit = new PermitName(NO_NODE, ++lastPermit);
        return Optional.of(ledger.admit(permit, allowance, demand, nanos.getAsLong())
                .decision(allowance, demand, used -> settle(permit, used)));
    }

    private synchronized void settle(PermitName permit, long usedTokens) {
        ledger.settle(permit, usedTokens, nanos.getAsLong());
    }

    synchronized LimitState state(Allowance allowance) {
        return ledger.state(allowance, nanos.getAsLong());
    }

    /** Closes the ledger if a new one would have the same state. */
    synchronized boolean closeIfUnused() {
        closed = closed || ledger.isUnused(nanos.getAsLong());
        return closed;
    }

    synchronized int running() {
        return ledger.running();
    }
}
