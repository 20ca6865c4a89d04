package dev.runnel.engine.openai;

import dev.runnel.engine.EngineListener;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.engine.openai.OpenAiSettings.Pauses;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Chooses the upstream for each request of a model: in turn, by weight, among those that are below their limit and not set
 * aside. Shared by all event loops; a few steps under a lock, twice a request.
 */
final class Upstreams {

    private static final double JITTER = 0.2;
    private static final int MOST_DOUBLINGS = 30;

    private final String model;
    private final List<Upstream> all;
    private final Pauses pauses;
    private final EngineListener listener;
    private final LongSupplier clock;
    private final DoubleSupplier random;

    /**
     * @param clock nanoseconds
     * @param random 0 … 1
     */
    Upstreams(
            String model,
            List<Upstream> all,
            Pauses pauses,
            EngineListener listener,
            LongSupplier clock,
            DoubleSupplier random) {
        this.model = model;
        this.all = List.copyOf(all);
        this.pauses = pauses;
        this.listener = listener;
        this.clock = clock;
        this.random = random;
    }

    /** Tells the listener which there are. */
    void announce() {
        for (Upstream upstream : all) {
            listener.upstreamKnown(model, upstream.name(), () -> running(upstream), () -> isGood(upstream));
        }
    }

    private synchronized int running(Upstream upstream) {
        return upstream.running;
    }

    private synchronized boolean isGood(Upstream upstream) {
        return upstream.standing instanceof CircuitState.Closed;
    }

    /**
     * Chooses an upstream for one request.
     *
     * @param tried the places of those that have failed this generation
     */
    synchronized Optional<Lease> take(BitSet tried) {
        long now = clock.getAsLong();
        Upstream chosen = null;
        long weights = 0;
        for (Upstream upstream : all) {
            if (tried.get(upstream.place()) || !mayRun(upstream, now)) {
                continue;
            }
            upstream.credit += upstream.weight();
            weights += upstream.weight();
            chosen = chosen == null || upstream.credit > chosen.credit ? upstream : chosen;
        }
        if (chosen == null) {
            return Optional.empty();
        }
        chosen.credit -= weights;
        chosen.running++;
        return Optional.of(lease(chosen));
    }

    private static boolean mayRun(Upstream upstream, long now) {
        return upstream.running < upstream.concurrent() && mayBeAsked(upstream.standing, now);
    }

    private static boolean mayBeAsked(CircuitState standing, long now) {
        return standing instanceof CircuitState.Closed
                || (standing instanceof CircuitState.Open aside && aside.isOver(now));
    }

    private static Lease lease(Upstream upstream) {
        if (upstream.standing instanceof CircuitState.Open aside) {
            upstream.standing = aside.tried();
            return new Lease(upstream, true);
        }
        return new Lease(upstream, false);
    }

    /** Says why a request cannot be sent at all just now; empty where one of the upstreams is not set aside. */
    synchronized Optional<Failure> allSetAside() {
        long now = clock.getAsLong();
        if (all.stream().anyMatch(upstream -> mayBeAsked(upstream.standing, now))) {
            return Optional.empty();
        }
        long waitNanos = all.stream()
                .mapToLong(u -> u.standing instanceof CircuitState.Open aside ? aside.untilNanos() - now : 0)
                .min()
                .orElse(0);
        return Optional.of(overloaded("the model's servers do not answer: try again later", seconds(waitNanos)));
    }

    /** Says why {@link #take} found none. */
    Failure refusal() {
        return allSetAside().orElseGet(() -> overloaded("all of the model's servers are busy: try again later", 1));
    }

    static Failure overloaded(String message, int retryAfterSeconds) {
        return new Failure(FailureCode.UPSTREAM_OVERLOADED, message, null, Math.max(1, retryAfterSeconds));
    }

    private static int seconds(long nanos) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return (int) ((Math.max(0, nanos) + second - 1) / second);
    }

    /** The upstream answered the request: whether or not it likes it, it works. */
    synchronized void answered(Lease lease) {
        if (lease.trial && lease.upstream().standing instanceof CircuitState.HalfOpen trial) {
            lease.upstream().standing = trial.answered();
        }
        lease.trial = false;
    }

    /**
     * The request is over, and its place free.
     *
     * @param retryAfterSeconds what the upstream asked for, or 0
     * @param why for whoever operates the service
     */
    void end(Lease lease, UpstreamOutcome outcome, int retryAfterSeconds, String why) {
        Upstream upstream = lease.upstream();
        Duration pause = settle(lease, outcome, Duration.ofSeconds(retryAfterSeconds));
        listener.upstreamAnswered(model, upstream.name(), outcome);
        if (!pause.isZero()) {
            listener.upstreamSetAside(model, upstream.name(), pause);
            listener.notice(
                    model, "upstream " + upstream.name() + " is set aside for " + pause.toMillis() + " ms: " + why);
        } else if (isToBeTold(outcome)) {
            listener.notice(model, "upstream " + upstream.name() + " failed: " + why);
        }
    }

    /** What its operators can mend, and nobody else tells them. */
    private static boolean isToBeTold(UpstreamOutcome outcome) {
        return switch (outcome) {
            case DENIED, FAILED, SILENT -> true;
            // The callers' own affair, or told when the upstream was set aside.
            case COMPLETED, CANCELLED, REFUSED, OVERLOADED, UNREACHABLE -> false;
        };
    }

    /** A generation leaves this upstream for another. */
    void retried(Lease left) {
        listener.upstreamRetried(model, left.upstream().name());
    }

    private synchronized Duration settle(Lease lease, UpstreamOutcome outcome, Duration asked) {
        Upstream upstream = lease.upstream();
        upstream.running--;
        return switch (outcome) {
            case COMPLETED -> {
                answered(lease);
                if (upstream.standing instanceof CircuitState.Closed good) {
                    upstream.standing = good.completed();
                }
                yield Duration.ZERO;
            }
            case REFUSED, DENIED -> {
                answered(lease);
                yield Duration.ZERO;
            }
            case CANCELLED -> {
                giveUp(lease);
                yield Duration.ZERO;
            }
            case OVERLOADED, UNREACHABLE -> setAside(lease, asked);
            case FAILED, SILENT -> isLastGood(upstream) ? Duration.ZERO : setAside(lease, Duration.ZERO);
        };
    }

    private void giveUp(Lease lease) {
        if (lease.trial && lease.upstream().standing instanceof CircuitState.HalfOpen trial) {
            lease.upstream().standing = trial.givenUp(clock.getAsLong());
        }
    }

    /** The only one that works is better than none: what it fails at may be one prompt. */
    private boolean isLastGood(Upstream upstream) {
        return upstream.standing instanceof CircuitState.Closed
                && all.stream()
                                .filter(u -> u.standing instanceof CircuitState.Closed)
                                .count()
                        == 1;
    }

    /** Zero where others have said before that it does not work: many streams may break at once. */
    private Duration setAside(Lease lease, Duration asked) {
        Upstream upstream = lease.upstream();
        Duration pause = pause(upstream.standing.failures(), asked);
        long until = clock.getAsLong() + pause.toNanos();
        if (upstream.standing instanceof CircuitState.Closed good) {
            upstream.standing = good.failed(until);
            return pause;
        }
        if (lease.trial && upstream.standing instanceof CircuitState.HalfOpen trial) {
            upstream.standing = trial.failed(until);
            return pause;
        }
        return Duration.ZERO;
    }

    private Duration pause(int failuresBefore, Duration asked) {
        long firstNanos = pauses.first().toNanos();
        long longestNanos = pauses.longest().toNanos();
        int doublings = Math.min(failuresBefore, MOST_DOUBLINGS);
        long grown = firstNanos > longestNanos >> doublings ? longestNanos : firstNanos << doublings;
        double jittered = grown * (1 + JITTER * (2 * random.getAsDouble() - 1));
        return Duration.ofNanos(Math.min(longestNanos, Math.max((long) jittered, asked.toNanos())));
    }
}
