package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one key as a cluster keeps it: bytes, on which a {@link LimitStep} is done by the member that has them.
 * Belongs to the thread that makes it.
 */
public final class StoredLedger {

    /** Longer than a generation runs. One that is settled later finds no ledger, and is not charged. */
    private static final Duration KEPT_WHILE_RUNNING = Duration.ofDays(1);
    /** The store counts whole seconds. */
    private static final long MARGIN_SECONDS = 2;

    private final boolean isNew;
    private final Ledger ledger;
    private boolean hasRoom;
    private boolean isChanged;
    private boolean isUnused;

    /** @param bytes as {@link #bytes} gave them; {@code null} for a key without a ledger */
    public StoredLedger(byte @Nullable [] bytes) {
        this.isNew = bytes == null;
        this.ledger = bytes == null ? new Ledger() : Ledger.of(bytes);
    }

    /**
     * Does a step.
     *
     * @param step as {@link LimitStep#bytes} gave it
     * @param nowNanos the time, in nanoseconds, of one clock in the whole cluster as far as possible
     * @param isMember whether a node is a member. What others hold is settled.
     * @param hasRoom whether this member may have one more ledger
     * @return as {@link LimitAnswer#of} reads it
     */
    public byte[] apply(byte[] step, long nowNanos, Predicate<String> isMember, boolean hasRoom) {
        this.hasRoom = hasRoom;
        LimitStep known = LimitStep.of(step);
        isChanged = ledger.keepOnly(node -> node.equals(known.node()) || isMember.test(node));
        byte[] answer = apply(known, nowNanos);
        isUnused = ledger.isUnused(nowNanos);
        return answer;
    }

    private byte[] apply(LimitStep step, long nowNanos) {
        if (step instanceof LimitStep.Admit admit) {
            return admit(admit, nowNanos);
        }
        if (step instanceof LimitStep.Settle settle) {
            PermitName permit = new PermitName(settle.node(), settle.permit());
            isChanged |= ledger.settle(permit, settle.usedTokens(), nowNanos);
            return LimitAnswer.bytes(LimitState.UNLIMITED);
        }
        Allowance allowance = ((LimitStep.Look) step).allowance();
        return LimitAnswer.bytes(ledger.state(allowance, nowNanos));
    }

    private byte[] admit(LimitStep.Admit admit, long nowNanos) {
        isChanged |= ledger.removeBelow(new PermitName(admit.node(), admit.lowestOpen()));
        if (isNew && !(admit.mayCreate() && hasRoom)) {
            LimitState state = ledger.state(admit.allowance(), nowNanos);
            return LimitAnswer.bytes(new Verdict(Optional.of(Reason.CROWDED), 1, state));
        }
        PermitName permit = new PermitName(admit.node(), admit.permit());
        Verdict verdict = ledger.admit(permit, admit.allowance(), admit.demand(), nowNanos);
        isChanged |= verdict.refusal().isEmpty();
        return LimitAnswer.bytes(verdict);
    }

    /** Whether the bytes are to be stored. */
    public boolean isChanged() {
        return isChanged;
    }

    /** The bytes to be stored; empty if the key needs no ledger any more. */
    public Optional<byte[]> bytes() {
        return isUnused ? Optional.empty() : Optional.of(ledger.bytes());
    }

    /** For how many seconds the bytes are needed, if no further step comes. */
    public long keptSeconds() {
        long full = ledger.secondsUntilFull() + MARGIN_SECONDS;
        return ledger.running() > 0 ? Math.max(full, KEPT_WHILE_RUNNING.toSeconds()) : full;
    }
}
