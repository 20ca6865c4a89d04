package dev.runnel.simulation;

import dev.runnel.auth.FixedKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: one text. Several requests ask for the same one if it is resumable: those of clients that
 * come back, and those of companions with the same idempotency key.
 */
final class RequestedText implements Requested {

    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    /** What requests, detachments and cancels need on their way. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    private static final long NOT_LEFT = Long.MAX_VALUE;

    private final World world;
    private final Scene scene;
    private final int number;
    private final String keyId;
    private final boolean isResumable;
    private final boolean isPlayed;
    private final int maxTokens;
    private final List<Reading> readings = new ArrayList<>();
    /** When clients received the failures of its generations. */
    private final Map<String, Long> failed = new HashMap<>();

    private long deletedNanos = NOT_LEFT;
    private boolean hasCompanion;

    /** One client that reads it on one connection. */
    final class Reading {

        private final Wire wire;
        private final long sinceNanos = world.clock().nanoTime();
        private long leftNanos = NOT_LEFT;
        private String generationId = "";

        private Reading(Wire wire) {
            this.wire = wire;
        }

        /** The client has left, or has its answer. */
        void left() {
            leftNanos = Math.min(leftNanos, world.clock().nanoTime());
        }

        /** The service reads the generation for the client. */
        void accepted(String id) {
            generationId = id;
        }

        /** Whether text certainly waits for the client. */
        private boolean isServed(String id) {
            return generationId.equals(id) && untilNanos() == NOT_LEFT && wire.unsentBytes() > 0;
        }

        private long untilNanos() {
            return Math.min(leftNanos, wire.closedByServerNanos());
        }
    }

    RequestedText(World world, Scene scene, Choices.Draws draws) {
        this.world = world;
        this.scene = scene;
        this.number = scene.nextNumber();
        this.keyId = scene.key(draws);
        this.isResumable = draws.chance(0.5);
        this.isPlayed = !draws.chance(0.2);
        this.maxTokens = draws.between(9, 60);
        if (!isPlayed) {
            world.reference().known(number, String.join("", Situation.SCRIPT));
        }
    }

    @Override
    public int number() {
        return number;
    }

    String keyId() {
        return keyId;
    }

    @Override
    public boolean isResumable() {
        return isResumable;
    }

    boolean isPlayed() {
        return isPlayed;
    }

    String token() {
        return TOKENS.computeIfAbsent(keyId, id -> FixedKeys.token(id, scene.plan(id), new VirtualClock().instant()));
    }

    /** The body of a POST. */
    String json(boolean includesText) {
        return "{\"prompt\":\"p" + number + "\",\"model\":\"" + (isPlayed ? Situation.PLAYED : Situation.SCRIPTED)
                + "\",\"includeText\":" + includesText + ",\"maxTokens\":" + maxTokens + "}";
    }

    Reading read(Wire wire) {
        Reading reading = new Reading(wire);
        readings.add(reading);
        return reading;
    }

    /** Another client requests it too, at some time. */
    void accompanied() {
        hasCompanion = true;
    }

    /**
     * Whether its key may come to stand for a newer generation while a client asks for the rest of a failed one:
     * another client requests it too, now or later.
     */
    boolean hasCompanion() {
        return hasCompanion;
    }

    /** The longest time so far in which no client read it. */
    long longestGapNanos() {
        long gap = 0;
        long until = NOT_LEFT;
        List<Reading> inOrder = readings.stream()
                .sorted(Comparator.comparingLong(reading -> reading.sinceNanos))
                .toList();
        for (Reading reading : inOrder) {
            gap = until == NOT_LEFT ? gap : Math.max(gap, reading.sinceNanos - until);
            until = until == NOT_LEFT ? reading.untilNanos() : Math.max(until, reading.untilNanos());
            if (until == NOT_LEFT) {
                return gap;
            }
        }
        return Math.max(gap, world.clock().nanoTime() - until);
    }

    /** Whether a further reader, or the one that asks, may be one too many. */
    boolean mayHaveManyReaders() {
        return isUncertain() || openSince(world.clock().nanoTime() - SLACK_NANOS) > Situation.READERS;
    }

    /** Whether a request may wait in vain for the answer to an earlier one. */
    boolean mayHaveManyWaiting() {
        return isUncertain() || readings.size() > Situation.READERS + 1;
    }

    private long openSince(long nanos) {
        long open = 0;
        for (Reading reading : readings) {
            open += reading.untilNanos() > nanos ? 1 : 0;
        }
        return open;
    }

    /** Whether no client may have read it for the grace time. */
    boolean mayBeAbandoned() {
        return isUncertain() || longestGapNanos() > graceNanos() - SLACK_NANOS;
    }

    private long retentionNanos() {
        return scene.service().situation().resume().retention().toNanos();
    }

    private long graceNanos() {
        return scene.service().situation().resume().grace().toNanos();
    }

    private boolean isUncertain() {
        BusFaults bus = scene.service().bus();
        return bus.wereMessagesLost() || bus.wereMessagesLate();
    }

    void deleted() {
        deletedNanos = Math.min(deletedNanos, world.clock().nanoTime());
    }

    @Override
    public boolean isDeleted() {
        return deletedNanos != NOT_LEFT;
    }

    /** A generation of it has failed, so its key is free. */
    void failed(String generationId) {
        failed.putIfAbsent(generationId, world.clock().nanoTime());
    }

    boolean hadFailed(String generationId, long beforeNanos) {
        return failed.getOrDefault(generationId, Long.MAX_VALUE) < beforeNanos;
    }

    /** Whether another client reads that generation, so that it is kept as long as that. */
    boolean isReadByOther(String generationId, @Nullable Reading own) {
        // A failed one has no key, and clients that do not read have not learned that it failed.
        boolean isSimple =
                !isUncertain() && !isDeleted() && isPlayed && world.reference().isRecent(number, Long.MIN_VALUE);
        return isSimple && readings.stream().anyMatch(reading -> reading != own && reading.isServed(generationId));
    }

    /** What must hold at any time. */
    void check() {
        if (!isResumable || isUncertain()) {
            return;
        }
        Reference reference = world.reference();
        long running = reference.running(number);
        world.rules().check(running <= 1, () -> "%d generations run for the key of %d".formatted(running, number));
        long before = world.clock().nanoTime() - graceNanos() - SLACK_NANOS;
        boolean isAbandoned = openSince(before) == 0 && reference.runs(number, before);
        world.rules().check(!isAbandoned, () -> "no client reads %d, and it is not abandoned".formatted(number));
        long deletedBefore = world.clock().nanoTime() - SLACK_NANOS;
        // Of several generations, an earlier one may be the one that was deleted.
        boolean isIgnored =
                deletedNanos < deletedBefore && reference.started(number) == 1 && reference.runs(number, deletedNanos);
        world.rules().check(!isIgnored, () -> "%d was deleted, and runs".formatted(number));
    }

    /**
     * Whether the service certainly knows its one generation, running or ended. Not checked where messages were lost or
     * late, or where a bound may have dropped it.
     */
    boolean isKept() {
        long now = world.clock().nanoTime();
        boolean isSimple =
                failed.isEmpty() && !isDeleted() && !scene.isRevoked(keyId) && !isUncertain() && !scene.mayForget();
        return isSimple
                && isPlayed
                && world.reference().isRecent(number, now - retentionNanos() + SLACK_NANOS)
                && longestGapNanos() < graceNanos() - SLACK_NANOS;
    }
}
