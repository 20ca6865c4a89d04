package dev.runnel.model;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Notifies the listener of a fetch: at most 5 times a second, with a number that never shrinks. For one thread. */
final class Progress {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String model;
    private final FetchListener listener;
    private final LongSupplier nanoTime;
    private long totalBytes;
    private long doneBytes;
    private long notifiedAtNanos;
    private boolean notified;

    /** @param totalBytes 0 while it is unknown */
    Progress(String model, FetchListener listener, LongSupplier nanoTime, long totalBytes) {
        this.model = model;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.totalBytes = totalBytes;
    }

    void total(long bytes) {
        totalBytes = bytes;
    }

    /** So many bytes are there; bytes beyond the known size do not count. */
    void at(long bytes) {
        doneBytes = Math.max(doneBytes, totalBytes == 0 ? bytes : Math.min(bytes, totalBytes));
        long now = nanoTime.getAsLong();
        if (!notified || now - notifiedAtNanos >= PAUSE_NANOS) {
            send(now);
        }
    }

    /** The next source starts from nothing. */
    void restart(long totalBytesOfNext) {
        doneBytes = 0;
        totalBytes = totalBytesOfNext;
    }

    /** The whole file is there. */
    void finish(long bytes) {
        totalBytes = bytes;
        doneBytes = bytes;
        send(nanoTime.getAsLong());
    }

    private void send(long now) {
        notified = true;
        notifiedAtNanos = now;
        listener.fetched(model, doneBytes, totalBytes);
    }
}
