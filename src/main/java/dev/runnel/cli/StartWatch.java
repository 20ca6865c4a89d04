package dev.runnel.cli;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Shows what the start of the service waits for. On a terminal that is one line with the seconds, redrawn in place;
 * else each new wait is a line of the log. Thread-safe.
 */
final class StartWatch {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Consumer<String> out;
    private final boolean terminal;
    private final LongSupplier nanoClock;
    private final long startedNanos;
    private String shown = "";
    private int width;

    /**
     * @param out receives the text to write; a line of the log has no line end
     * @param terminal whether {@code out} can redraw a line
     */
    StartWatch(Consumer<String> out, boolean terminal, LongSupplier nanoClock) {
        this.out = out;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
        this.startedNanos = nanoClock.getAsLong();
    }

    /** @param what the wait, such as "loading smollm2"; empty while another line shows it */
    synchronized void show(String what) {
        if (what.isEmpty()) {
            clear();
        } else if (terminal) {
            redraw(String.format(Locale.ROOT, "%s … %.1f s", what, seconds()));
        } else if (!what.equals(shown)) {
            out.accept(String.format(Locale.ROOT, "%s (%.1f s after the start)", what, seconds()));
        }
        shown = what;
    }

    /** The time since the start. */
    double seconds() {
        return (nanoClock.getAsLong() - startedNanos) / NANOS_PER_SECOND;
    }

    /** Removes the line from the terminal, so that another one can be written there. */
    synchronized void clear() {
        if (width > 0) {
            out.accept("\r" + " ".repeat(width) + "\r");
            width = 0;
        }
    }

    private void redraw(String line) {
        out.accept("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        width = line.length();
    }
}
