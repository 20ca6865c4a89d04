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
 * Chooses the upstream for each request of a model: in turn, by weight, among those that are below their limit and
 * whose circuit is closed. Shared by all event loops; a few steps under a lock, twice per request.
 */
final class Upstreams {

    private static final double JITTER = 0.2;
    private static final int MAX_DOUBLINGS = 30;

    /** Remarks about one upstream: their words are the upstream's own, so their number needs a limit. */
    private static final int MAX_REMARKS = 16;

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

    /** Notifies the listener of every upstream. */
    void announce() {
        for (Upstream upstream : all) {
            listener.upstreamKnown(model, upstream.name(), () -> running(upstream), () -> isClosed(upstream));
        }
    }

    private synchronized int running(Upstream upstream) {
        return upstream.running;
    }

    private synchronized boolean isClosed(Upstream upstream) {
        return upstream.circuit instanceof CircuitState.Closed;
    }

    /**
     * Chooses an upstream for one request.
     *
     * @param tried the places of those that have failed this generation
     */
    synchronized Optional<Lease> acquire(BitSet tried) {
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
        return upstream.running < upstream.concurrent() && allowsRequest(upstream.circuit, now);
    }

    private static boolean allowsRequest(CircuitState circuit, long now) {
        return circuit instanceof CircuitState.Closed || (circuit instanceof CircuitState.Open open && open.isDue(now));
    }

    private static Lease lease(Upstream upstream) {
        if (upstream.circuit instanceof CircuitState.Open open) {
            upstream.circuit = open.tried();
            return new Lease(upstream, true);
        }
        return new Lease(upstream, false);
    }

    /** The reason why no request can be sent now: no circuit is closed or due for a trial. Empty if one is. */
    synchronized Optional<Failure> allOpen() {
        long now = clock.getAsLong();
        if (all.stream().anyMatch(upstream -> allowsRequest(upstream.circuit, now))) {
            return Optional.empty();
        }
        long waitNanos = all.stream()
                .mapToLong(u -> u.circuit instanceof CircuitState.Open open ? open.untilNanos() - now : 0)
                .min()
                .orElse(0);
        return Optional.of(overloaded("the model's servers do not answer: try again later", seconds(waitNanos)));
    }

    /** The reason why {@link #acquire} returned no lease. */
    Failure refusal() {
        return allOpen().orElseGet(() -> overloaded("all of the model's servers are busy: try again later", 1));
    }

    static Failure overloaded(String message, int retryAfterSeconds) {
        return new Failure(FailureCode.UPSTREAM_OVERLOADED, message, null, Math.max(1, retryAfterSeconds));
    }

    private static int seconds(long nanos) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return (int) ((Math.max(0, nanos) + second - 1) / second);
    }

    /** The upstream answered the request, with success or a refusal: it works. */
    synchronized void answered(Lease lease) {
        if (lease.trial && lease.upstream().circuit instanceof CircuitState.HalfOpen trial) {
            lease.upstream().circuit = trial.answered();
        }
        lease.trial = false;
    }

    /**
     * The request has ended, and its place is free.
     *
     * @param retryAfterSeconds how long the upstream asked for no requests, or 0
     * @param why for operators
     */
    void release(Lease lease, UpstreamOutcome outcome, int retryAfterSeconds, String why) {
        Upstream upstream = lease.upstream();
        Settled settled = settle(lease, outcome, Duration.ofSeconds(retryAfterSeconds));
        Duration pause = settled.pause();
        listener.upstreamAnswered(model, upstream.name(), outcome);
        if (!pause.isZero()) {
            listener.upstreamCircuitOpened(model, upstream.name(), pause);
        }
        if (settled.isDeniedAgain()) {
            return;
        }
        if (!pause.isZero()) {
            String state = "circuit is open for " + pause.toMillis() + " ms: ";
            listener.notice(model, "upstream " + upstream.name() + ": " + state + why);
        } else if (concernsOperators(outcome)) {
            listener.notice(model, "upstream " + upstream.name() + " failed: " + why);
        }
    }

    /** Whether it repeats a refusal of this service, which was logged. A complete text ends the repetition. */
    private static boolean isDeniedAgain(Upstream upstream, UpstreamOutcome outcome) {
        boolean before = upstream.denied;
        upstream.denied = outcome == UpstreamOutcome.DENIED || (before && outcome != UpstreamOutcome.COMPLETED);
        return before && outcome == UpstreamOutcome.DENIED;
    }

    /** Whether operators can mend it, and no other line reports it. */
    private static boolean concernsOperators(UpstreamOutcome outcome) {
        return switch (outcome) {
            case DENIED, FAILED, SILENT -> true;
            // It concerns the callers, or the line about the open circuit reports it.
            case COMPLETED, CANCELLED, REFUSED, OVERLOADED, UNREACHABLE -> false;
        };
    }

    /** A generation leaves this upstream for another. */
    void retried(Lease left) {
        listener.upstreamRetried(model, left.upstream().name());
    }

    /** Logs what operators should check about an upstream, each line once. */
    void remark(Lease lease, String line) {
        Upstream upstream = lease.upstream();
        synchronized (this) {
            if (upstream.remarks.size() >= MAX_REMARKS || !upstream.remarks.add(line)) {
                return;
            }
        }
        listener.notice(model, "upstream " + upstream.name() + ": " + line);
    }

    /**
     * What the end of a request changed.
     *
     * @param pause how long the circuit is open; zero if it was not opened
     * @param isDeniedAgain whether the upstream repeats a refusal that was logged
     */
    private record Settled(Duration pause, boolean isDeniedAgain) {}

    private synchronized Settled settle(Lease lease, UpstreamOutcome outcome, Duration asked) {
        lease.upstream().running--;
        return new Settled(pause(lease, outcome, asked), isDeniedAgain(lease.upstream(), outcome));
    }

    /** Moves the circuit; returns how long it is open, or zero if it was not opened. */
    private Duration pause(Lease lease, UpstreamOutcome outcome, Duration asked) {
        Upstream upstream = lease.upstream();
        return switch (outcome) {
            case COMPLETED -> {
                answered(lease);
                if (upstream.circuit instanceof CircuitState.Closed closed) {
                    upstream.circuit = closed.completed();
                }
                yield Duration.ZERO;
            }
            case REFUSED -> {
                answered(lease);
                yield Duration.ZERO;
            }
            case CANCELLED -> {
                abandon(lease);
                yield Duration.ZERO;
            }
            case OVERLOADED, UNREACHABLE -> open(lease, asked);
            case DENIED, FAILED, SILENT -> isLastClosed(upstream) ? Duration.ZERO : open(lease, Duration.ZERO);
        };
    }

    private void abandon(Lease lease) {
        if (lease.trial && lease.upstream().circuit instanceof CircuitState.HalfOpen trial) {
            lease.upstream().circuit = trial.abandoned(clock.getAsLong());
        }
    }

    /** The last upstream with a closed circuit stays in use: the failure may be due to one prompt. */
    private boolean isLastClosed(Upstream upstream) {
        return upstream.circuit instanceof CircuitState.Closed
                && all.stream()
                                .filter(u -> u.circuit instanceof CircuitState.Closed)
                                .count()
                        == 1;
    }

    /**
     * Opens the circuit. Returns zero if another request has opened it before, since many streams may break at once.
     * Then only a time that the upstream asked for counts, if it is longer.
     */
    private Duration open(Lease lease, Duration asked) {
        Upstream upstream = lease.upstream();
        long now = clock.getAsLong();
        if (upstream.circuit instanceof CircuitState.Open open) {
            upstream.circuit = open.extended(now + Math.min(pauses.longest().toNanos(), asked.toNanos()));
            return Duration.ZERO;
        }
        Duration pause = pause(upstream.circuit.failures(), asked);
        long until = now + pause.toNanos();
        if (upstream.circuit instanceof CircuitState.Closed closed) {
            upstream.circuit = closed.failed(until);
            return pause;
        }
        if (lease.trial && upstream.circuit instanceof CircuitState.HalfOpen trial) {
            upstream.circuit = trial.failed(until);
            return pause;
        }
        return Duration.ZERO;
    }

    private Duration pause(int failuresBefore, Duration asked) {
        long firstNanos = pauses.first().toNanos();
        long longestNanos = pauses.longest().toNanos();
        int doublings = Math.min(failuresBefore, MAX_DOUBLINGS);
        long grown = firstNanos > longestNanos >> doublings ? longestNanos : firstNanos << doublings;
        double jittered = grown * (1 + JITTER * (2 * random.getAsDouble() - 1));
        return Duration.ofNanos(Math.min(longestNanos, Math.max((long) jittered, asked.toNanos())));
    }
}
