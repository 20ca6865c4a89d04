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
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Counts the limits of keys for all nodes. One step decides: the member that has the ledger of a key does it. Without
 * an answer in time this node decides alone, with its share of the limits, or refuses.
 */
final class GridLimiter implements MeteredLimiter {

    private final String self;
    private final GridSteps steps;
    private final ClusterMeters meters;
    private final boolean decidesAlone;
    private final Duration within;
    private final LocalLimiter alone;
    private long lastPermit;
    private final AtomicInteger running = new AtomicInteger();
    /** Those that the member with the ledger may hold: not settled, or not known to be. */
    private final NavigableSet<Long> open = new ConcurrentSkipListSet<>();

    /** @param nanos a monotonic clock, in nanoseconds */
    GridLimiter(String self, GridSteps steps, ClusterMeters meters, ClusterConfig config, LongSupplier nanos) {
        this.self = self;
        this.steps = steps;
        this.meters = meters;
        this.decidesAlone = config.limits() == ClusterConfig.WithoutAnswer.SHARE;
        this.within = config.decision();
        this.alone = new LocalLimiter(nanos);
    }

    @Override
    public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
        if (!allowance.isLimited()) {
            return alone.admit(keyId, allowance, demand);
        }
        long permit = nextPermit();
        byte[] step = new LimitStep.Admit(self, permit, allowance, demand, true, open.first()).bytes();
        return steps.run(Table.LIMITS, keyId, step, within, () -> settle(keyId, permit, 0))
                .map(answer -> decision(keyId, permit, LimitAnswer.of(answer), allowance, demand))
                .recover(silence -> {
                    if (silence instanceof GridSteps.NotSentException) {
                        open.remove(permit);
                    }
                    return decideAlone(keyId, allowance, demand);
                });
    }

    /** One at a time: a lower number must not be opened after a step has named a higher one as the lowest. */
    private synchronized long nextPermit() {
        long permit = ++lastPermit;
        open.add(permit);
        return permit;
    }

    private LimitDecision decision(String keyId, long permit, LimitAnswer answer, Allowance allowance, Demand demand) {
        LimitDecision decision = answer.decision(allowance, demand, used -> {
            running.decrementAndGet();
            settle(keyId, permit, used);
        });
        if (decision instanceof LimitDecision.Admitted) {
            running.incrementAndGet();
        } else {
            open.remove(permit);
        }
        return decision;
    }

    private void settle(String keyId, long permit, long usedTokens) {
        steps.deliver(
                Table.LIMITS, keyId, new LimitStep.Settle(self, permit, usedTokens).bytes(), () -> open.remove(permit));
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
        return steps.ledgers() + alone.keys();
    }

    @Override
    public int running() {
        return running.get() + alone.running();
    }
}
