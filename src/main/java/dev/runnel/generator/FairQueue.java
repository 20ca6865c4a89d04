package dev.runnel.generator;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A bounded queue that is fair between keys. Keys with waiting tickets are served in turn, a new key after all others.
 * Within a key the first ticket to arrive is the first to be served. One key has at most half of the places. The cost
 * of a step does not depend on the number of tickets. Not thread-safe.
 */
final class FairQueue {

    private final int places;
    private final int placesOfKey;

    /** By key, the next one to be served first. No set is empty. */
    private final Map<String, Set<Ticket>> tickets = new LinkedHashMap<>();

    private int size;

    /** @param places how many tickets may wait, 0 or more; of one key half as many, rounded up */
    FairQueue(int places) {
        this.places = places;
        this.placesOfKey = places / 2 + places % 2;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether no ticket of any key may be added. */
    boolean isFull() {
        return size >= places;
    }

    /** Whether this key has as many waiting tickets as it may have. */
    boolean isFullFor(String keyId) {
        return waitingOf(keyId) >= placesOfKey;
    }

    /**
     * After how many turns, 1 or more, a further ticket of this key is served at the latest. By then all tickets that
     * wait now were served, or every key was served as often as this one.
     */
    int turnsUntil(String keyId) {
        int keys = tickets.containsKey(keyId) ? tickets.size() : tickets.size() + 1;
        return (int) Math.min(size + 1L, (waitingOf(keyId) + 1L) * keys);
    }

    void add(Ticket ticket) {
        if (tickets.computeIfAbsent(ticket.keyId(), key -> new LinkedHashSet<>())
                .add(ticket)) {
            size++;
        }
    }

    /** The ticket to be served next. No other passes it, even while there is no room for it. */
    Optional<Ticket> next() {
        return tickets.values().stream()
                .findFirst()
                .flatMap(ofKey -> ofKey.stream().findFirst());
    }

    /** The ticket was served. The next one is another key's. */
    void served(Ticket ticket) {
        remove(ticket);
        Set<Ticket> others = tickets.remove(ticket.keyId());
        if (others != null) {
            tickets.put(ticket.keyId(), others);
        }
    }

    /** The ticket leaves without being served. Its key keeps its turn. */
    void remove(Ticket ticket) {
        Set<Ticket> ofKey = tickets.getOrDefault(ticket.keyId(), Set.of());
        if (ofKey.contains(ticket)) {
            ofKey.remove(ticket);
            size--;
        }
        if (ofKey.isEmpty()) {
            tickets.remove(ticket.keyId());
        }
    }

    private int waitingOf(String keyId) {
        return tickets.getOrDefault(keyId, Set.of()).size();
    }
}
