package dev.runnel.model;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells the listener how far a fetch is: at most five times a second, and what is done never shrinks. For one thread. */
final class Progress {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String model;
    private final FetchListener listener;
    private final LongSupplier nanoTime;
    private long totalBytes;
    private long doneBytes;
    private long toldAtNanos;
    private boolean told;

    /** @param totalBytes 0 while it is not known */
    Progress(String model, FetchListener listener, LongSupplier nanoTime, long totalBytes) {
        this.model = model;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.totalBytes = totalBytes;
    }

    void total(long bytes) {
        totalBytes = bytes;
    }

    /** So much is there; what is beyond the known size does not count. */
    void at(long bytes) {
        doneBytes = Math.max(doneBytes, totalBytes == 0 ? bytes : Math.min(bytes, totalBytes));
        long now = nanoTime.getAsLong();
        if (!told || now - toldAtNanos >= PAUSE_NANOS) {
            tell(now);
        }
    }

    /** The next source begins from nothing. */
    void restart(long totalBytesOfNext) {
        doneBytes = 0;
        totalBytes = totalBytesOfNext;
    }

    /** All is there. */
    void finish(long bytes) {
        totalBytes = bytes;
        doneBytes = bytes;
        tell(nanoTime.getAsLong());
    }

    private void tell(long now) {
        told = true;
        toldAtNanos = now;
        listener.fetched(model, doneBytes, totalBytes);
    }
}
