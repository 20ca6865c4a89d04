package dev.runnel.generator;

import dev.runnel.engine.ModelFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The places of one model on this node and the bounded queue for them, shared by all generator instances. Thread-safe.
 * Its lock is held for a few steps only.
 */
final class ModelQueue {

    private final ModelFacts facts;
    private final LongSupplier nanos;

    private final FairQueue queue;
    private final QueueWaitEstimator estimator = new QueueWaitEstimator();
    private int running;
    private int cells;

    /**
     * @param facts how many places there are
     * @param capacity how many may wait, 0 or more; of one key half as many, rounded up
     */
    ModelQueue(ModelFacts facts, int capacity, LongSupplier nanos) {
        this.facts = facts;
        this.nanos = nanos;
        this.queue = new FairQueue(capacity, facts.sequences());
    }

    /**
     * Why there is no place for a further ticket.
     *
     * @param forItsKeyAlone whether tickets of other keys would be accepted
     * @param retryAfterSeconds when to try again, 1 … 60
     */
    record Full(boolean forItsKeyAlone, int retryAfterSeconds) {}

    /** Present if a further ticket of this key certainly gets no place, neither to run nor to wait. */
    synchronized Optional<Full> fullFor(KeyShare key) {
        return mustWait(key) ? noPlaceToWait(key.keyId()) : Optional.empty();
    }

    /**
     * Acquires a place to run, else a place to wait. If none is left, a key without waiting tickets gets the place of
     * the youngest ticket of the key with the most. That ticket is notified.
     *
     * @param ticket with at most as many cells as the model has
     * @return the reason if all places to run, and all to wait that its key may have, are in use
     */
    Optional<Full> enter(Ticket ticket) {
        Entry entry = entry(ticket);
        entry.displaced().ifPresent(youngest -> youngest.displace(entry.retryAfterSeconds()));
        return entry.full();
    }

    /**
     * What an arrival led to.
     *
     * @param full why it has no place, if it has none
     * @param displaced the ticket that lost its place, if there is one
     * @param retryAfterSeconds of the displaced ticket's key, 1 … 60; 0 without one
     */
    private record Entry(Optional<Full> full, Optional<Ticket> displaced, int retryAfterSeconds) {}

    private synchronized Entry entry(Ticket ticket) {
        boolean now = !mustWait(ticket.key()) && hasRoom(ticket.cells());
        Optional<Full> full = now ? Optional.empty() : noPlaceToWait(ticket.keyId());
        if (full.isPresent()) {
            return new Entry(full, Optional.empty(), 0);
        }
        Optional<Ticket> displaced = !now && queue.isFull() ? queue.displacedBy(ticket.keyId()) : Optional.empty();
        displaced.ifPresent(this::removeDisplaced);
        if (now) {
            grant(ticket);
        } else {
            queue.add(ticket);
        }
        estimator.contended(isContended(), nanos.getAsLong());
        int seconds = displaced.map(lost -> retryAfterSeconds(lost.keyId())).orElse(0);
        return new Entry(full, displaced, seconds);
    }

    private void removeDisplaced(Ticket ticket) {
        assert Thread.holdsLock(this);
        queue.remove(ticket);
        ticket.phase = Ticket.Phase.LEFT;
    }

    /** When a further request of this key makes sense, in seconds, 1 … 60. */
    synchronized int retryAfterSeconds(String keyId) {
        return estimator.secondsUntil(queue.turnsUntil(keyId, running), nanos.getAsLong());
    }

    /** Estimated wait of a new ticket that is served after all others; zero if it does not have to wait. */
    synchronized Duration expectedWait() {
        return mustWait()
                ? Duration.ofNanos(estimator.nanosUntil(queue.size() + 1, Math.max(1, running), nanos.getAsLong()))
                : Duration.ZERO;
    }

    /** Whether the ticket has a place to run. */
    synchronized boolean hasPlace(Ticket ticket) {
        return ticket.phase == Ticket.Phase.HOLDING;
    }

    /** Releases the ticket's place to run or to wait, and calls the next tickets. Idempotent. */
    void leave(Ticket ticket) {
        removed(ticket).forEach(Ticket::call);
    }

    /** The free places to run. Less than 0: so many tickets wait. */
    synchronized int free() {
        return queue.isEmpty() ? Math.max(0, facts.sequences() - running) : -queue.size();
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized int running() {
        return running;
    }

    synchronized int cells() {
        return cells;
    }

    /** Removes a ticket and returns those that got its place. */
    private synchronized List<Ticket> removed(Ticket ticket) {
        long now = nanos.getAsLong();
        switch (ticket.phase) {
            case WAITING -> queue.remove(ticket);
            case HOLDING -> {
                running--;
                queue.ended(ticket.keyId());
                cells -= ticket.cells();
                estimator.freed(now);
            }
            case LEFT -> {
                return List.of();
            }
        }
        ticket.phase = Ticket.Phase.LEFT;
        List<Ticket> called = admitted();
        estimator.contended(isContended(), now);
        return called;
    }

    private List<Ticket> admitted() {
        assert Thread.holdsLock(this);
        List<Ticket> called = new ArrayList<>();
        Optional<Ticket> next = queue.next();
        while (next.isPresent() && hasRoom(next.get().cells())) {
            queue.served(next.get());
            grant(next.get());
            called.add(next.get());
            next = queue.next();
        }
        return called;
    }

    private void grant(Ticket ticket) {
        assert Thread.holdsLock(this);
        ticket.phase = Ticket.Phase.HOLDING;
        running++;
        queue.started(ticket.keyId());
        cells += ticket.cells();
    }

    private Optional<Full> noPlaceToWait(String keyId) {
        boolean isFull = queue.isFull() && queue.displacedBy(keyId).isEmpty();
        return isFull || queue.isFullFor(keyId)
                ? Optional.of(new Full(!queue.isFull() || !mustWait(), retryAfterSeconds(keyId)))
                : Optional.empty();
    }

    private boolean hasRoom(int wanted) {
        return running < facts.sequences() && cells + (long) wanted <= facts.cells();
    }

    private boolean mustWait(KeyShare key) {
        return mustWait() || queue.mustWait(key);
    }

    /** Whether a ticket of a key that has no other must wait. */
    private boolean mustWait() {
        assert Thread.holdsLock(this);
        return queue.next().isPresent() || running >= facts.sequences();
    }

    /** Whether a ticket waits, be it for its key's share, or a new one would have to. */
    private boolean isContended() {
        assert Thread.holdsLock(this);
        return !queue.isEmpty() || mustWait();
    }
}
