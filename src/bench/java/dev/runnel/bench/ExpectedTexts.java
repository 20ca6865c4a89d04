package dev.runnel.bench;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which texts should be kept, by the rule of {@code resume.maxBytes}: over the bound of all the oldest one is dropped,
 * and over half of it the oldest one of that caller. For texts that end one after another and have no reader.
 */
final class ExpectedTexts {

    private final long bound;
    /** Of each caller, the bytes of texts that are kept whatever happens: they run or have a reader. */
    private final Map<String, Long> pinned = new HashMap<>();

    private final Map<String, ArrayDeque<Kept>> byCaller = new HashMap<>();
    private final Set<String> dropped = new HashSet<>();
    private int ends;

    private record Kept(String id, int order, int bytes) {}

    ExpectedTexts(long bound) {
        this.bound = bound;
    }

    /** A text that runs or has a reader grew. */
    void pin(String caller, long bytes) {
        pinned.merge(caller, bytes, Long::sum);
        byCaller.computeIfAbsent(caller, unknown -> new ArrayDeque<>());
    }

    /**
     * A text ends.
     *
     * @param capacity its memory while it ran, in bytes
     * @param bytes its memory from now on
     */
    void end(String caller, String id, int capacity, int bytes) {
        byCaller.computeIfAbsent(caller, unknown -> new ArrayDeque<>());
        while (bytes(caller) + capacity > bound / 2 && dropOldest(List.of(caller))) {
            // One less each time.
        }
        while (allBytes() + capacity > bound && dropOldest(List.copyOf(byCaller.keySet()))) {
            // One less each time.
        }
        byCaller.get(caller).add(new Kept(id, ends++, bytes));
    }

    private boolean dropOldest(List<String> callers) {
        Optional<ArrayDeque<Kept>> oldest = callers.stream()
                .map(byCaller::get)
                .filter(texts -> !texts.isEmpty())
                .min(Comparator.comparingInt(texts -> texts.getFirst().order()));
        oldest.ifPresent(texts -> dropped.add(texts.removeFirst().id()));
        return oldest.isPresent();
    }

    private long bytes(String caller) {
        return pinned.getOrDefault(caller, 0L)
                + byCaller.get(caller).stream().mapToLong(Kept::bytes).sum();
    }

    private long allBytes() {
        return byCaller.keySet().stream().mapToLong(this::bytes).sum();
    }

    boolean isDropped(String id) {
        return dropped.contains(id);
    }
}
