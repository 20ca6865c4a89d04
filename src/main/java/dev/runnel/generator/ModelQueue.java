package dev.runnel.generator;

import dev.runnel.engine.ModelFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The places of one model on this node and the bounded queue before them, shared by all generator instances. Thread-safe:
 * nothing under its lock takes longer than a few steps.
 */
final class ModelQueue {

    private final ModelFacts facts;
    private final int capacity;
    private final LongSupplier nanos;

    private final WaitingLine line = new WaitingLine();
    private final Turnover turnover = new Turnover();
    private int running;
    private int cells;

    /**
     * @param facts how many places there are
     * @param capacity how many may wait, 0 or more
     */
    ModelQueue(ModelFacts facts, int capacity, LongSupplier nanos) {
        this.facts = facts;
        this.capacity = capacity;
        this.nanos = nanos;
    }

    /** Whether there is certainly no room for one more, neither to run nor to wait. */
    synchronized boolean isFull() {
        return mustWait() && line.size() >= capacity;
    }

    /**
     * Takes a place, or else a place in the queue.
     *
     * @param ticket of at most as many cells as the model has
     * @return {@code false} if every place to run and to wait is taken
     */
    synchronized boolean enter(Ticket ticket) {
        boolean now = line.isEmpty() && hasRoom(ticket.cells());
        if (!now && line.size() >= capacity) {
            return false;
        }
        if (now) {
            take(ticket);
        } else {
            line.add(ticket);
        }
        turnover.contended(mustWait(), nanos.getAsLong());
        return true;
    }

    /** When it makes sense for somebody who was refused to come again, in seconds. */
    synchronized int retryAfterSeconds() {
        return turnover.secondsUntil(line.size() + 1, nanos.getAsLong());
    }

    /** Whether it has a place. */
    synchronized boolean hasPlace(Ticket ticket) {
        return ticket.phase == Ticket.Phase.HOLDING;
    }

    /** Gives up the place, or the wait for it, and calls whose turn it is now. Idempotent. */
    void leave(Ticket ticket) {
        removed(ticket).forEach(Ticket::call);
    }

    synchronized int waiting() {
        return line.size();
    }

    synchronized int running() {
        return running;
    }

    synchronized int cells() {
        return cells;
    }

    /** Takes it out, and gives those whose turn it is now. */
    private synchronized List<Ticket> removed(Ticket ticket) {
        long now = nanos.getAsLong();
        switch (ticket.phase) {
            case WAITING -> line.remove(ticket);
            case HOLDING -> {
                running--;
                cells -= ticket.cells();
                turnover.freed(now);
            }
            case LEFT -> {
                return List.of();
            }
        }
        ticket.phase = Ticket.Phase.LEFT;
        List<Ticket> called = admitted();
        turnover.contended(mustWait(), now);
        return called;
    }

    private List<Ticket> admitted() {
        List<Ticket> called = new ArrayList<>();
        Optional<Ticket> next = line.next();
        while (next.isPresent() && hasRoom(next.get().cells())) {
            line.remove(next.get());
            take(next.get());
            called.add(next.get());
            next = line.next();
        }
        return called;
    }

    private void take(Ticket ticket) {
        ticket.phase = Ticket.Phase.HOLDING;
        running++;
        cells += ticket.cells();
    }

    private boolean hasRoom(int wanted) {
        return running < facts.sequences() && cells + (long) wanted <= facts.cells();
    }

    private boolean mustWait() {
        return !line.isEmpty() || running >= facts.sequences();
    }
}
