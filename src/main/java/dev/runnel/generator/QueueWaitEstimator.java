package dev.runnel.generator;

/**
 * Measures how fast places are released while tickets wait, or a new one would have to. Other time is not
 * counted, because it says nothing about the wait. Times are nanoseconds of one monotonic clock. Not thread-safe.
 */
final class QueueWaitEstimator {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long UNKNOWN = -1;
    private static final int LONGEST_SECONDS = 60;

    /** The newest interval's share in the mean, so that about the last ten count. */
    private static final double NEWEST_SHARE = 0.2;

    private boolean contended;
    private long sinceNanos;
    private double meanNanos = UNKNOWN;

    /** Sets whether tickets wait from now on, or a new one would have to. */
    void contended(boolean isContended, long nowNanos) {
        if (isContended && !contended) {
            sinceNanos = nowNanos;
        }
        contended = isContended;
    }

    /** A place was released. */
    void freed(long nowNanos) {
        if (contended) {
            long interval = nowNanos - sinceNanos;
            meanNanos = meanNanos == UNKNOWN ? interval : meanNanos + NEWEST_SHARE * (interval - meanNanos);
            sinceNanos = nowNanos;
        }
    }

    /**
     * Estimates when the {@code places}-th place from now is released, in nanoseconds. If no place was released for
     * some time, the engine may be stuck. Each place in use is then assumed to need at least that time, whatever the
     * mean is.
     *
     * @param taken how many places are in use, 1 or more
     */
    long nanosUntil(int places, int taken, long nowNanos) {
        double waiting = contended ? (double) (nowNanos - sinceNanos) / taken : 0;
        return (long) Math.min((double) Long.MAX_VALUE, places * Math.max(waiting, meanNanos));
    }

    /**
     * Estimates when the {@code places}-th place from now is released, in seconds, 1 … 60. Until the first one was
     * released, the time waited so far is the minimum for one place.
     */
    int secondsUntil(int places, long nowNanos) {
        double interval = meanNanos == UNKNOWN ? (contended ? nowNanos - sinceNanos : 0) : meanNanos;
        double seconds = Math.ceil(places * interval / NANOS_PER_SECOND);
        return (int) Math.max(1, Math.min(LONGEST_SECONDS, seconds));
    }
}
