package dev.runnel.generator;

import dev.runnel.engine.ModelFacts;
import java.time.Duration;
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
    private final LongSupplier nanos;

    private final FairQueue line;
    private final QueueWaitEstimator turnover = new QueueWaitEstimator();
    private int running;
    private int cells;

    /**
     * @param facts how many places there are
     * @param capacity how many may wait, 0 or more; of one key half as many, rounded up
     */
    ModelQueue(ModelFacts facts, int capacity, LongSupplier nanos) {
        this.facts = facts;
        this.nanos = nanos;
        this.line = new FairQueue(capacity);
    }

    /**
     * Why there is no room for one more.
     *
     * @param forItsKeyAlone whether others would have been let in
     * @param retryAfterSeconds when it makes sense to come again, 1 … 60
     */
    record Full(boolean forItsKeyAlone, int retryAfterSeconds) {}

    /** Whether there is certainly no room for one more of this key, neither to run nor to wait. */
    synchronized Optional<Full> fullFor(String keyId) {
        return mustWait() ? noPlaceToWait(keyId) : Optional.empty();
    }

    /**
     * Takes a place, or else a place in the queue.
     *
     * @param ticket of at most as many cells as the model has
     * @return why not, if every place to run is taken and every one to wait that its key may have
     */
    synchronized Optional<Full> enter(Ticket ticket) {
        boolean now = line.isEmpty() && hasRoom(ticket.cells());
        Optional<Full> full = now ? Optional.empty() : noPlaceToWait(ticket.keyId());
        if (full.isPresent()) {
            return full;
        }
        if (now) {
            take(ticket);
        } else {
            line.add(ticket);
        }
        turnover.contended(mustWait(), nanos.getAsLong());
        return full;
    }

    /** When it makes sense for this key to come again once more, in seconds, 1 … 60. */
    synchronized int retryAfterSeconds(String keyId) {
        return turnover.secondsUntil(line.turnsUntil(keyId), nanos.getAsLong());
    }

    /** About how long it takes until all that wait now, and one more, have had their turn; zero where nobody has to wait. */
    synchronized Duration expectedWait() {
        return mustWait()
                ? Duration.ofNanos(turnover.nanosUntil(line.size() + 1, Math.max(1, running), nanos.getAsLong()))
                : Duration.ZERO;
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
            line.served(next.get());
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

    private Optional<Full> noPlaceToWait(String keyId) {
        return line.isFull() || line.isFullFor(keyId)
                ? Optional.of(new Full(!line.isFull(), retryAfterSeconds(keyId)))
                : Optional.empty();
    }

    private boolean hasRoom(int wanted) {
        return running < facts.sequences() && cells + (long) wanted <= facts.cells();
    }

    private boolean mustWait() {
        return !line.isEmpty() || running >= facts.sequences();
    }
}
