package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The meters of a node of a cluster. Any thread. */
public final class ClusterMeters {

    private final Labelled<Counter> continuations;
    private final Timer silence;
    private final Counter frozen;
    private final Counter fenced;
    private final Counter alone;
    private final Labelled<Counter> steps;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile LongSupplier messagesUnderWay = () -> 0;
    private volatile LongSupplier bytesUnderWay = () -> 0;
    private volatile LongSupplier sentTexts = () -> 0;
    private volatile int members = 1;
    private volatile boolean isAlone;
    private volatile int minimumMembers = 1;

    /** How a step on an entry of the cluster's maps went. */
    public enum Outcome {
        /** It was answered in time. */
        ANSWERED,
        /** It was not answered in time. */
        LATE,
        /** It failed in time. */
        FAILED,
        /** It was not sent: too many steps to the same member are late. */
        SKIPPED,
        /** It had to be done, and was given up. */
        DROPPED
    }

    public ClusterMeters(MeterRegistry registry) {
        Gauge.builder("runnel.cluster.members", () -> members)
                .description("Members of the cluster that answer, this node included")
                .register(registry);
        Gauge.builder("runnel.cluster.minimum.members", () -> minimumMembers)
                .description("How many members there must be (cluster.minimumMembers)")
                .register(registry);
        Gauge.builder("runnel.cluster.alone", () -> isAlone ? 1 : 0)
                .description("Whether this node is alone although other members are listed: 1 or 0")
                .register(registry);
        registerUnderWay(registry);
        frozen = Counter.builder("runnel.cluster.frozen")
                .description("How often this process did not run for more than a second")
                .register(registry);
        fenced = Counter.builder("runnel.cluster.fenced")
                .description("How often this node sent no heartbeat for 4 s, and ended what others may go on with")
                .register(registry);
        alone = Counter.builder("runnel.cluster.decisions.alone")
                .description("Decisions of the limits of keys without an answer of the cluster in time")
                .register(registry);
        Gauge.builder("runnel.cluster.steps.waiting", waiting::get)
                .description("Steps on entries of the cluster's maps that are not answered yet")
                .register(registry);
        steps = new Labelled<>(
                EnumSet.allOf(Outcome.class),
                outcome -> Counter.builder("runnel.cluster.steps")
                        .description("Steps on entries of the cluster's maps")
                        .tag("outcome", outcome)
                        .register(registry));
        continuations = new Labelled<>(
                EnumSet.allOf(Continuation.class),
                outcome -> Counter.builder("runnel.cluster.continuations")
                        .description("Generations whose generator was gone, by what became of them")
                        .tag("outcome", outcome)
                        .register(registry));
        silence = Timer.builder("runnel.cluster.continuation.silence")
                .description("Time between the last message of a generation whose generator was gone and its next one")
                .serviceLevelObjectives(Buckets.PAUSE)
                .register(registry);
    }

    private void registerUnderWay(MeterRegistry registry) {
        Gauge.builder("runnel.cluster.underway.messages", () -> messagesUnderWay.getAsLong())
                .description("Messages with generated text to other nodes that no connection has accepted yet")
                .register(registry);
        Gauge.builder("runnel.cluster.underway", () -> bytesUnderWay.getAsLong())
                .description("The bytes of these messages, about")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("runnel.cluster.sent.texts", () -> sentTexts.getAsLong())
                .description("Texts that are sent to other nodes, or whose ends these have not compared yet")
                .register(registry);
    }

    /** What became of a generation whose generator was gone. */
    public enum Continuation {
        /** Another generator has gone on with it. */
        CONTINUED,
        /** Its own generator was only slow. */
        RETURNED,
        /** No other generator has gone on with it. */
        LOST,
        /** It was cancelled before another generator has gone on with it. */
        CANCELLED
    }

    /** The members have changed. */
    public void show(int count, boolean alone) {
        members = count;
        isAlone = alone;
    }

    /** How many members there must be. */
    public void require(int count) {
        minimumMembers = count;
    }

    /**
     * What is under way to other nodes.
     *
     * @param messages that no connection has accepted yet
     * @param bytes of these messages
     * @param texts that run, or whose ends were not compared yet
     */
    public void watch(LongSupplier messages, LongSupplier bytes, LongSupplier texts) {
        messagesUnderWay = messages;
        bytesUnderWay = bytes;
        sentTexts = texts;
    }

    /** This process did not run for more than a second. */
    public void frozen() {
        frozen.increment();
    }

    /** This process has ended what other nodes have gone on with. */
    public void fenced() {
        fenced.increment();
    }

    /** This node has decided about a limit without an answer of the cluster, or has refused to. */
    public void decidedAlone() {
        alone.increment();
    }

    /** A step was sent. */
    public void stepStarted() {
        waiting.incrementAndGet();
    }

    /** The answer to a step has come, or it has failed. */
    public void stepEnded() {
        waiting.decrementAndGet();
    }

    /** What is known about a step now. */
    public void step(Outcome outcome) {
        steps.of(outcome).increment();
    }

    /**
     * A generation whose generator was gone goes on, or does not.
     *
     * @param silentNanos since its last message before
     */
    public void continuation(Continuation outcome, long silentNanos) {
        continuations.of(outcome).increment();
        if (outcome == Continuation.CONTINUED) {
            silence.record(silentNanos, TimeUnit.NANOSECONDS);
        }
    }
}
