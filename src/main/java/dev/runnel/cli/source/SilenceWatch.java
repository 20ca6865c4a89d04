package dev.runnel.cli.source;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Cuts a stream on which nothing arrives. A service sends a ping every 15 s, so silence means a connection that is lost
 * without a sign. Cutting it costs nothing where pings are turned off, because the text is resumed.
 */
final class SilenceWatch implements AutoCloseable {

    static final Duration USUAL = Duration.ofSeconds(60);

    private final long limitNanos;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "runnel-silence");
        thread.setDaemon(true);
        return thread;
    });

    SilenceWatch(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    Watched watch(EventLines lines) {
        long period = Math.max(1, limitNanos / 4);
        return new Watched(
                lines, timer.scheduleWithFixedDelay(() -> check(lines), period, period, TimeUnit.NANOSECONDS));
    }

    private void check(EventLines lines) {
        if (lines.silentNanos() > limitNanos) {
            cut(lines);
        }
    }

    private static void cut(EventLines lines) {
        try {
            lines.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    /** A stream while it is read. */
    record Watched(EventLines lines, ScheduledFuture<?> checks) implements AutoCloseable {

        /** Ends the read, with an exception on the reading thread. */
        void cut() {
            SilenceWatch.cut(lines);
        }

        @Override
        public void close() {
            checks.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
