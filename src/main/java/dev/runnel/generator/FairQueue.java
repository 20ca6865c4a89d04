package dev.runnel.generator;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says whose turn it is: keys that have somebody waiting take turns, a newcomer's after all others', and within a key it is
 * who came first. Holds so many as it has places, and of one key at most half of them. No step depends on how many wait. Not
 * thread-safe.
 */
final class FairQueue {

    private final int places;
    private final int placesOfKey;

    /** By key, the one whose turn it is first; none is empty. */
    private final Map<String, Set<Ticket>> tickets = new LinkedHashMap<>();

    private int size;

    /** @param places how many may wait, 0 or more; of one key half as many, rounded up */
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

    /** Whether nobody at all may be added. */
    boolean isFull() {
        return size >= places;
    }

    /** Whether this key has as many waiting as it may. */
    boolean isFullFor(String keyId) {
        return waitingOf(keyId) >= placesOfKey;
    }

    /**
     * After how many turns, 1 or more, one more of this key would have had its own, at the latest: by then all that wait now
     * have had theirs, or every key as many as this one.
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

    /** Whose turn it is. Nobody passes it, however long it takes until there is room for it. */
    Optional<Ticket> next() {
        return tickets.values().stream()
                .findFirst()
                .flatMap(ofKey -> ofKey.stream().findFirst());
    }

    /** It has had its turn: the next one is another key's. */
    void served(Ticket ticket) {
        remove(ticket);
        Set<Ticket> others = tickets.remove(ticket.keyId());
        if (others != null) {
            tickets.put(ticket.keyId(), others);
        }
    }

    /** It does not want its turn any more: its key keeps its own for the next one. */
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
