package dev.runnel.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Counts what is said again and again. The first of a kind may be told at once; what follows within the window is counted,
 * and so it goes on window by window until one passes in which there was none. Of so many kinds at once each is known by
 * itself, all further ones are counted together. Thread-safe.
 */
final class RepeatCounter {

    private final int mostKinds;
    private final long windowNanos;
    private final LongSupplier nanos;
    private final Map<Kind, Count> counts = new LinkedHashMap<>();

    /** What makes two events the same: all but their fields, which tell whom it happened to. */
    record Kind(String logger, String level, String message, String cause) {

        /** Of all that do not fit. */
        static final Kind OTHERS = new Kind("dev.runnel.log", "WARN", "events of many other kinds", "");
    }

    /**
     * What was not told.
     *
     * @param count 1 or more
     */
    record Summary(Kind kind, long count, long seconds) {}

    private static final class Count {

        private long sinceNanos;
        private long untold;

        Count(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    /**
     * @param mostKinds how many are known by themselves, 1 or more
     * @param nanos a monotonic clock
     */
    RepeatCounter(int mostKinds, long windowNanos, LongSupplier nanos) {
        this.mostKinds = mostKinds;
        this.windowNanos = windowNanos;
        this.nanos = nanos;
    }

    /** Whether this one is to be told; else it was counted. */
    synchronized boolean isFirst(Kind kind) {
        Count count = counts.get(kind);
        if (count == null && counts.size() < mostKinds) {
            counts.put(kind, new Count(nanos.getAsLong()));
            return true;
        }
        Count counted =
                count == null ? counts.computeIfAbsent(Kind.OTHERS, others -> new Count(nanos.getAsLong())) : count;
        counted.untold++;
        return false;
    }

    /** What is to be told of the windows that have passed; a kind that was silent is forgotten. */
    synchronized List<Summary> due() {
        long now = nanos.getAsLong();
        return summaries(now, count -> now - count.sinceNanos >= windowNanos);
    }

    /** All that was counted and not told. */
    synchronized List<Summary> rest() {
        return summaries(nanos.getAsLong(), count -> true);
    }

    private List<Summary> summaries(long now, Predicate<Count> isOver) {
        List<Summary> summaries = new ArrayList<>();
        for (Iterator<Map.Entry<Kind, Count>> all = counts.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Kind, Count> entry = all.next();
            Count count = entry.getValue();
            if (isOver.test(count)) {
                if (count.untold == 0) {
                    all.remove();
                } else {
                    summaries.add(new Summary(entry.getKey(), count.untold, seconds(now - count.sinceNanos)));
                    count.untold = 0;
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
