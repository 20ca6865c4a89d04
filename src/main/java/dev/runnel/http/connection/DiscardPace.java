package dev.runnel.http.connection;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Limits what one verticle instance reads of refused bodies, so that a flood of them does not delay other clients. In
 * each turn it reads so many bytes, from a few bodies at once. The other bodies wait, which stops their clients. A body
 * that brings nothing in a turn gives its place to one that waits. Belongs to the instance's context.
 */
final class DiscardPace {

    static final Duration TURN = Duration.ofMillis(20);

    /** 16 MiB a second. */
    static final int BYTES_PER_TURN = 320 * 1024;

    static final int MAX_AT_ONCE = 16;

    private final Consumer<Runnable> nextTurn;
    private final Set<Source> waiting = new LinkedHashSet<>();
    private final Set<Source> reading = new LinkedHashSet<>();
    /** Those that have brought something in this turn. */
    private final Set<Source> active = new HashSet<>();

    /** Below zero after a part that was larger than the rest. */
    private long bytesLeft = BYTES_PER_TURN;

    private boolean isTurning;

    /** A body. It is paused when it is added. */
    interface Source {

        /** Reads on, until {@link #pause}. May call {@link DiscardPace#read} within this call. */
        void read();

        void pause();
    }

    /** @param nextTurn runs an action once, after {@link #TURN}, on the instance's context */
    DiscardPace(Consumer<Runnable> nextTurn) {
        this.nextTurn = nextTurn;
    }

    /** Lets a body read as soon as it is its turn. {@link #remove} must follow. */
    void add(Source body) {
        waiting.add(body);
        if (!isTurning) {
            isTurning = true;
            nextTurn.accept(this::turn);
        }
        fill();
    }

    /** A body has ended, or is not read any more. */
    void remove(Source body) {
        waiting.remove(body);
        active.remove(body);
        if (reading.remove(body)) {
            fill();
        }
    }

    /** A part of a body was read. */
    void read(Source body, int bytes) {
        boolean hadBytes = bytesLeft > 0;
        active.add(body);
        bytesLeft -= bytes;
        if (hadBytes && bytesLeft <= 0) {
            List.copyOf(reading).forEach(Source::pause);
        }
    }

    private void turn() {
        boolean wasEnough = bytesLeft > 0;
        bytesLeft = Math.min(BYTES_PER_TURN, bytesLeft + BYTES_PER_TURN);
        if (reading.isEmpty() && waiting.isEmpty()) {
            isTurning = false;
            return;
        }
        nextTurn.accept(this::turn);
        for (Source body : List.copyOf(reading)) {
            goOn(body, wasEnough);
        }
        active.clear();
        fill();
    }

    /** @param wasEnough whether it could have read more in the last turn */
    private void goOn(Source body, boolean wasEnough) {
        if (wasEnough && !active.contains(body) && !waiting.isEmpty()) {
            reading.remove(body);
            body.pause();
            waiting.add(body);
        } else if (bytesLeft > 0 && reading.contains(body)) {
            body.read();
        }
    }

    private void fill() {
        while (bytesLeft > 0 && reading.size() < MAX_AT_ONCE && !waiting.isEmpty()) {
            Source next = waiting.iterator().next();
            waiting.remove(next);
            reading.add(next);
            next.read();
        }
    }
}
