package dev.runnel.cluster;

import dev.runnel.config.Allowance;
import dev.runnel.config.ClusterConfig;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitAnswer;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LimitState;
import dev.runnel.limit.LimitStep;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.limit.MeteredLimiter;
import dev.runnel.metric.ClusterMeters;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts the limits of keys for all nodes. One step decides: the member that has the ledger of a key does it. Without
 * an answer in time this node decides alone, with its share of the limits, or refuses.
 */
final class GridLimiter implements MeteredLimiter {

    /** The most keys whose ledgers one member has. */
    private static final int MAX_KEYS = 100_000;

    private static final Duration COUNTED = Duration.ofSeconds(1);

    private final String self;
    private final GridSteps steps;
    private final ClusterMeters meters;
    private final boolean decidesAlone;
    private final Duration within;
    private final LocalLimiter alone;
    private final LongSupplier nanos;
    private final AtomicLong lastPermit = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong countedNanos;
    private volatile int ledgers;

    /** @param nanos a monotonic clock, in nanoseconds */
    GridLimiter(String self, GridSteps steps, ClusterMeters meters, ClusterConfig config, LongSupplier nanos) {
        this.self = self;
        this.steps = steps;
        this.meters = meters;
        this.decidesAlone = config.limits() == ClusterConfig.WithoutAnswer.SHARE;
        this.within = config.decision();
        this.alone = new LocalLimiter(nanos);
        this.nanos = nanos;
        this.countedNanos = new AtomicLong(nanos.getAsLong() - COUNTED.toNanos());
    }

    @Override
    public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
        if (!allowance.isLimited()) {
            return alone.admit(keyId, allowance, demand);
        }
        long permit = lastPermit.incrementAndGet();
        byte[] step = new LimitStep.Admit(self, permit, allowance, demand, ledgers() < MAX_KEYS).bytes();
        return steps.run(Table.LIMITS, keyId, step, within, () -> settle(keyId, permit, 0))
                .map(answer -> decision(keyId, permit, LimitAnswer.of(answer), allowance, demand))
                .recover(silence -> decideAlone(keyId, allowance, demand));
    }

    private LimitDecision decision(String keyId, long permit, LimitAnswer answer, Allowance allowance, Demand demand) {
        LimitDecision decision = answer.decision(allowance, demand, used -> {
            running.decrementAndGet();
            settle(keyId, permit, used);
        });
        if (decision instanceof LimitDecision.Admitted) {
            running.incrementAndGet();
        }
        return decision;
    }

    private void settle(String keyId, long permit, long usedTokens) {
        steps.deliver(Table.LIMITS, keyId, new LimitStep.Settle(self, permit, usedTokens).bytes());
    }

    /** A demand that is larger than the share, and not larger than the limit, would never be admitted by the share. */
    private Future<LimitDecision> decideAlone(String keyId, Allowance allowance, Demand demand) {
        meters.decidedAlone();
        Allowance share = allowance.share(steps.members());
        if (demand.exceeds(allowance)) {
            return alone.admit(keyId, allowance, demand);
        }
        return !decidesAlone || demand.exceeds(share)
                ? Future.succeededFuture(LimitAnswer.undecided(allowance, demand))
                : alone.admit(keyId, share, demand);
    }

    @Override
    public Future<LimitState> state(String keyId, Allowance allowance) {
        if (!allowance.isLimited()) {
            return alone.state(keyId, allowance);
        }
        byte[] step = new LimitStep.Look(self, allowance).bytes();
        return steps.run(Table.LIMITS, keyId, step, within, () -> {})
                .map(answer -> LimitAnswer.of(answer).state(allowance))
                .recover(silence -> alone.state(keyId, allowance.share(steps.members())));
    }

    @Override
    public int keys() {
        return ledgers() + alone.keys();
    }

    @Override
    public int running() {
        return running.get() + alone.running();
    }

    /** Counted once a second at most. */
    private int ledgers() {
        long now = nanos.getAsLong();
        long counted = countedNanos.get();
        if (now - counted >= COUNTED.toNanos() && countedNanos.compareAndSet(counted, now)) {
            ledgers = steps.entries(Table.LIMITS);
        }
        return ledgers;
    }
}
