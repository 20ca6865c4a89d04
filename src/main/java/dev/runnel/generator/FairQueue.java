package dev.runnel.generator;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A bounded queue that is fair between keys. Keys with waiting tickets are served in turn, a new key after all others.
 * Within a key the first ticket to arrive is the first to be served. One key has at most half of the places. If all
 * places are in use, a key without a waiting ticket gets a place of the key with the most. So other keys cannot keep it
 * out. The cost of a step grows with the logarithm of the number of tickets. Not thread-safe.
 */
final class FairQueue {

    private static final Comparator<Ticket> BY_ARRIVAL = Comparator.comparingLong(ticket -> ticket.arrival);

    private final int places;
    private final int placesOfKey;

    /** By key, the next one to be served first; within a key by arrival. No set is empty. */
    private final Map<String, NavigableSet<Ticket>> tickets = new LinkedHashMap<>();

    /** The keys by how many tickets of theirs wait. No set is empty. */
    private final NavigableMap<Integer, Set<String>> keysByCount = new TreeMap<>();

    private long arrivals;

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

    /** Whether all places are in use. */
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

    /**
     * The ticket that makes room for a further one of this key if all places are in use. It is the youngest of the key
     * with the most. Absent if this key has a waiting ticket, or if no key has two.
     */
    Optional<Ticket> displacedBy(String keyId) {
        Map.Entry<Integer, Set<String>> most = keysByCount.lastEntry();
        if (most == null || most.getKey() < 2 || tickets.containsKey(keyId)) {
            return Optional.empty();
        }
        return most.getValue().stream().findFirst().map(key -> ofKey(key).last());
    }

    void add(Ticket ticket) {
        ticket.arrival = ++arrivals;
        String keyId = ticket.keyId();
        NavigableSet<Ticket> ofKey = tickets.computeIfAbsent(keyId, key -> new TreeSet<>(BY_ARRIVAL));
        ofKey.add(ticket);
        size++;
        counted(keyId, ofKey.size() - 1, ofKey.size());
    }

    /** The ticket to be served next. No other passes it, even while there is no room for it. */
    Optional<Ticket> next() {
        return tickets.values().stream().findFirst().map(NavigableSet::first);
    }

    /** The ticket was served. The next one is another key's. */
    void served(Ticket ticket) {
        remove(ticket);
        NavigableSet<Ticket> others = tickets.remove(ticket.keyId());
        if (others != null) {
            tickets.put(ticket.keyId(), others);
        }
    }

    /** The ticket leaves without being served. Its key keeps its turn. */
    void remove(Ticket ticket) {
        String keyId = ticket.keyId();
        NavigableSet<Ticket> ofKey = ofKey(keyId);
        if (ofKey.remove(ticket)) {
            size--;
            counted(keyId, ofKey.size() + 1, ofKey.size());
        }
        if (ofKey.isEmpty()) {
            tickets.remove(keyId);
        }
    }

    private void counted(String keyId, int before, int now) {
        Set<String> keys = keysByCount.getOrDefault(before, new LinkedHashSet<>());
        keys.remove(keyId);
        if (keys.isEmpty()) {
            keysByCount.remove(before);
        }
        if (now > 0) {
            keysByCount.computeIfAbsent(now, count -> new LinkedHashSet<>()).add(keyId);
        }
    }

    private NavigableSet<Ticket> ofKey(String keyId) {
        return tickets.getOrDefault(keyId, new TreeSet<>(BY_ARRIVAL));
    }

    private int waitingOf(String keyId) {
        return ofKey(keyId).size();
    }
}
