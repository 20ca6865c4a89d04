package dev.runnel.cli;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a fetch with size and rate: redrawn in place on a terminal, else one line per 10 percent.
 * Thread-safe.
 */
final class ProgressBar {

    private static final int WIDTH = 30;
    private static final double MEGABYTE = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long PERCENT_PER_LINE = 10;

    private final Consumer<String> out;
    private final boolean terminal;
    private final LongSupplier nanoClock;

    /** The running fetches by model. Models are fetched at the same time. */
    private final Map<String, Fetch> fetches = new HashMap<>();

    /** Where a fetch started, and the last tenth that a line showed. */
    private static final class Fetch {

        private final String name;
        private final long startedNanos;
        private final long startedBytes;
        private long shownPercent;

        private Fetch(String name, long startedNanos, long startedBytes) {
            this.name = name;
            this.startedNanos = startedNanos;
            this.startedBytes = startedBytes;
        }
    }

    /**
     * @param out receives the text to write, with its line ends
     * @param terminal whether {@code out} can redraw a line
     */
    ProgressBar(Consumer<String> out, boolean terminal, LongSupplier nanoClock) {
        this.out = out;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
    }

    /** Whether a fetch is shown now. */
    synchronized boolean isActive() {
        return !fetches.isEmpty();
    }

    /** @param totalBytes the whole size, or 0 if it is unknown */
    synchronized void show(String what, long doneBytes, long totalBytes) {
        Fetch fetch = fetches.computeIfAbsent(what, name -> new Fetch(name, nanoClock.getAsLong(), doneBytes));
        long percent = totalBytes == 0 ? 0 : Math.min(100, doneBytes * 100 / totalBytes);
        boolean whole = totalBytes > 0 && doneBytes >= totalBytes;
        if (terminal) {
            out.accept("\r" + line(fetch, doneBytes, totalBytes, percent) + (whole ? System.lineSeparator() : ""));
        } else if (percent >= fetch.shownPercent + PERCENT_PER_LINE || whole) {
            out.accept(line(fetch, doneBytes, totalBytes, percent) + System.lineSeparator());
            fetch.shownPercent = percent - percent % PERCENT_PER_LINE;
        }
        if (whole) {
            fetches.remove(what);
        }
    }

    private String line(Fetch fetch, long doneBytes, long totalBytes, long percent) {
        int filled = (int) (WIDTH * percent / 100);
        double seconds = (nanoClock.getAsLong() - fetch.startedNanos) / NANOS_PER_SECOND;
        double rate = seconds > 0 ? (doneBytes - fetch.startedBytes) / MEGABYTE / seconds : 0;
        String size = totalBytes == 0
                ? String.format(Locale.ROOT, "%.1f MB", doneBytes / MEGABYTE)
                : String.format(Locale.ROOT, "%.1f of %.1f MB", doneBytes / MEGABYTE, totalBytes / MEGABYTE);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %3d %%  %s  %.1f MB/s",
                fetch.name,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                percent,
                size,
                rate);
    }
}
