package dev.runnel.generator;

import java.util.Comparator;
import java.util.HashMap;
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
 * out. A key that runs as many tickets as its share allows is held back: others pass it, and it keeps its turn. The
 * cost of a step grows with the logarithm of the number of tickets. Not thread-safe.
 */
final class FairQueue {

    private static final Comparator<Ticket> BY_ARRIVAL = Comparator.comparingLong(ticket -> ticket.arrival);

    private final int places;
    private final int placesOfKey;
    private final int placesToRun;

    /** The keys that wait. No line is empty. */
    private final Map<String, Line> lines = new HashMap<>();

    /** The lines that are not held back, by their turn. */
    private final NavigableMap<Long, Line> inTurn = new TreeMap<>();

    /** How many tickets of each key run. No number is 0. */
    private final Map<String, Integer> running = new HashMap<>();

    /** The keys by how many tickets of theirs wait. No set is empty. */
    private final NavigableMap<Integer, Set<String>> keysByCount = new TreeMap<>();

    private long arrivals;
    private long turns;

    private int size;

    /** The waiting tickets of one key. */
    private static final class Line {

        final NavigableSet<Ticket> tickets = new TreeSet<>(BY_ARRIVAL);
        long turn;
    }

    /**
     * Makes an empty queue.
     *
     * @param places how many tickets may wait, 0 or more; of one key half as many, rounded up
     * @param placesToRun how many tickets may run, which the shares of keys refer to
     */
    FairQueue(int places, int placesToRun) {
        this.places = places;
        this.placesOfKey = places / 2 + places % 2;
        this.placesToRun = placesToRun;
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

    /** Whether a further ticket of this key exceeds its share, or has others of its key before it. */
    boolean mustWait(KeyShare key) {
        return lines.containsKey(key.keyId()) || isHeldBack(key);
    }

    /**
     * After how many turns, 1 or more, a further ticket of this key is served at the latest. By then all tickets that
     * wait now were served, or every key was served as often as this one. A key that is held back waits for its own
     * tickets to end, which are some of all that run.
     *
     * @param allRunning how many tickets of all keys run
     */
    int turnsUntil(String keyId, int allRunning) {
        int keys = lines.containsKey(keyId) ? lines.size() : lines.size() + 1;
        long further = waitingOf(keyId) + 1L;
        long served = Math.min(size + 1L, further * keys);
        Line line = lines.get(keyId);
        boolean heldBack = line != null && !inTurn.containsKey(line.turn);
        long ended = heldBack ? (further * allRunning - 1) / runningOf(keyId) + 1 : 0;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(served, ended));
    }

    /**
     * The ticket that makes room for a further one of this key if all places are in use. It is the youngest of the key
     * with the most. Absent if this key has a waiting ticket, or if no key has two.
     */
    Optional<Ticket> displacedBy(String keyId) {
        Map.Entry<Integer, Set<String>> most = keysByCount.lastEntry();
        if (most == null || most.getKey() < 2 || lines.containsKey(keyId)) {
            return Optional.empty();
        }
        return most.getValue().stream().findFirst().map(lines::get).map(line -> line.tickets.last());
    }

    void add(Ticket ticket) {
        ticket.arrival = ++arrivals;
        String keyId = ticket.keyId();
        Line line = lines.computeIfAbsent(keyId, key -> newLine());
        line.tickets.add(ticket);
        size++;
        counted(keyId, line.tickets.size() - 1, line.tickets.size());
        arrange(keyId);
    }

    private Line newLine() {
        Line line = new Line();
        line.turn = ++turns;
        return line;
    }

    /**
     * The ticket to be served next. No other passes it, even while there is no room for it. Absent if every key that
     * waits is held back.
     */
    Optional<Ticket> next() {
        return Optional.ofNullable(inTurn.firstEntry())
                .map(first -> first.getValue().tickets.first());
    }

    /** The ticket was served. The next one is another key's. */
    void served(Ticket ticket) {
        remove(ticket);
        Line others = lines.get(ticket.keyId());
        if (others != null) {
            inTurn.remove(others.turn);
            others.turn = ++turns;
            arrange(ticket.keyId());
        }
    }

    /** The ticket leaves without being served. Its key keeps its turn. */
    void remove(Ticket ticket) {
        String keyId = ticket.keyId();
        Line line = lines.get(keyId);
        if (line == null || !line.tickets.remove(ticket)) {
            return;
        }
        size--;
        counted(keyId, line.tickets.size() + 1, line.tickets.size());
        if (line.tickets.isEmpty()) {
            lines.remove(keyId);
            inTurn.remove(line.turn);
        }
        arrange(keyId);
    }

    /** A ticket of this key has a place to run. */
    void started(String keyId) {
        running.merge(keyId, 1, Integer::sum);
        arrange(keyId);
    }

    /** A ticket of this key has left its place to run. */
    void ended(String keyId) {
        running.computeIfPresent(keyId, (key, count) -> count == 1 ? null : count - 1);
        arrange(keyId);
    }

    /** Holds the key back, or lets it have its turn. Follows every change of its tickets. */
    private void arrange(String keyId) {
        Line line = lines.get(keyId);
        if (line == null) {
            return;
        }
        if (isHeldBack(line.tickets.first().key())) {
            inTurn.remove(line.turn);
        } else {
            inTurn.put(line.turn, line);
        }
    }

    private boolean isHeldBack(KeyShare key) {
        return runningOf(key.keyId()) >= key.of(placesToRun);
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

    private int waitingOf(String keyId) {
        Line line = lines.get(keyId);
        return line == null ? 0 : line.tickets.size();
    }

    private int runningOf(String keyId) {
        return running.getOrDefault(keyId, 0);
    }
}
