package dev.runnel.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Counts events that repeat. The first event of a kind is logged at once. The following ones are counted, window by
 * window, until a window passes without any. Up to {@code mostKinds} kinds are counted separately, and all further ones
 * together. Thread-safe.
 */
final class RepeatCounter {

    private final int mostKinds;
    private final long windowNanos;
    private final LongSupplier nanos;
    private final Map<Kind, Count> counts = new LinkedHashMap<>();

    /** Two events are of the same kind when these are equal. Their fields, which name the request, may differ. */
    record Kind(String logger, String level, String message, String cause) {

        /** Stands for all kinds beyond the limit. */
        static final Kind OTHERS = new Kind("dev.runnel.log", "WARN", "events of many other kinds", "");
    }

    /**
     * How many events of a kind were not logged.
     *
     * @param count 1 or more
     */
    record Summary(Kind kind, long count, long seconds) {}

    private static final class Count {

        private long sinceNanos;
        private long unlogged;

        Count(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    /**
     * @param mostKinds how many kinds are counted separately, 1 or more
     * @param nanos a monotonic clock
     */
    RepeatCounter(int mostKinds, long windowNanos, LongSupplier nanos) {
        this.mostKinds = mostKinds;
        this.windowNanos = windowNanos;
        this.nanos = nanos;
    }

    /** Whether to log this event. Otherwise it is counted. */
    synchronized boolean isFirst(Kind kind) {
        Count count = counts.get(kind);
        if (count == null && counts.size() < mostKinds) {
            counts.put(kind, new Count(nanos.getAsLong()));
            return true;
        }
        Count counted =
                count == null ? counts.computeIfAbsent(Kind.OTHERS, others -> new Count(nanos.getAsLong())) : count;
        counted.unlogged++;
        return false;
    }

    /** What to log about the windows that have passed. A kind without events in its window is removed. */
    synchronized List<Summary> due() {
        long now = nanos.getAsLong();
        return summaries(now, count -> now - count.sinceNanos >= windowNanos);
    }

    /** All that was counted and not logged. */
    synchronized List<Summary> rest() {
        return summaries(nanos.getAsLong(), count -> true);
    }

    private List<Summary> summaries(long now, Predicate<Count> isClosed) {
        List<Summary> summaries = new ArrayList<>();
        for (Iterator<Map.Entry<Kind, Count>> all = counts.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Kind, Count> entry = all.next();
            Count count = entry.getValue();
            if (isClosed.test(count)) {
                if (count.unlogged == 0) {
                    all.remove();
                } else {
                    summaries.add(new Summary(entry.getKey(), count.unlogged, seconds(now - count.sinceNanos)));
                    count.unlogged = 0;
                    count.sinceNanos = now;
                }
            }
        }
        return summaries;
    }

    private static long seconds(long elapsedNanos) {
        return Math.max(1, Math.round(elapsedNanos / 1e9));
    }
}
