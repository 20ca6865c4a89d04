package dev.runnel.cli;

import java.util.Locale;
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

    private String name = "";
    private long startedNanos;
    private long startedBytes;
    private long shownPercent;

    /**
     * @param out receives the text to write, with its line ends
     * @param terminal whether {@code out} can redraw a line
     */
    ProgressBar(Consumer<String> out, boolean terminal, LongSupplier nanoClock) {
        this.out = out;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
    }

    /** @param totalBytes the whole size, or 0 if it is unknown */
    synchronized void show(String what, long doneBytes, long totalBytes) {
        if (!what.equals(name)) {
            start(what, doneBytes);
        }
        long percent = totalBytes == 0 ? 0 : Math.min(100, doneBytes * 100 / totalBytes);
        boolean whole = totalBytes > 0 && doneBytes >= totalBytes;
        if (terminal) {
            out.accept("\r" + line(doneBytes, totalBytes, percent) + (whole ? System.lineSeparator() : ""));
        } else if (percent >= shownPercent + PERCENT_PER_LINE || whole) {
            out.accept(line(doneBytes, totalBytes, percent) + System.lineSeparator());
            shownPercent = percent - percent % PERCENT_PER_LINE;
        }
        if (whole) {
            name = "";
        }
    }

    private void start(String what, long doneBytes) {
        name = what;
        startedNanos = nanoClock.getAsLong();
        startedBytes = doneBytes;
        shownPercent = 0;
    }

    private String line(long doneBytes, long totalBytes, long percent) {
        int filled = (int) (WIDTH * percent / 100);
        double seconds = (nanoClock.getAsLong() - startedNanos) / NANOS_PER_SECOND;
        double rate = seconds > 0 ? (doneBytes - startedBytes) / MEGABYTE / seconds : 0;
        String size = totalBytes == 0
                ? String.format(Locale.ROOT, "%.1f MB", doneBytes / MEGABYTE)
                : String.format(Locale.ROOT, "%.1f of %.1f MB", doneBytes / MEGABYTE, totalBytes / MEGABYTE);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %3d %%  %s  %.1f MB/s",
                name,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                percent,
                size,
                rate);
    }
}
