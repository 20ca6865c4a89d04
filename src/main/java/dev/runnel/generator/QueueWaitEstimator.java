package dev.runnel.generator;

/**
 * Measures how fast places come free, while a newcomer would have to wait for one: what passes when nobody waits says
 * nothing. Times are nanoseconds of one monotonic clock.
 */
final class QueueWaitEstimator {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long UNKNOWN = -1;
    private static final int LONGEST_SECONDS = 60;

    /** The newest interval's share in the mean: about the last ten count. */
    private static final double NEWEST_SHARE = 0.2;

    private boolean contended;
    private long sinceNanos;
    private double meanNanos = UNKNOWN;

    /** Whether, from now on, a newcomer has to wait. */
    void contended(boolean isContended, long nowNanos) {
        if (isContended && !contended) {
            sinceNanos = nowNanos;
        }
        contended = isContended;
    }

    /** A place came free. */
    void freed(long nowNanos) {
        if (contended) {
            long interval = nowNanos - sinceNanos;
            meanNanos = meanNanos == UNKNOWN ? interval : meanNanos + NEWEST_SHARE * (interval - meanNanos);
            sinceNanos = nowNanos;
        }
    }

    /**
     * When the {@code places}-th place from now will have come free, in nanoseconds. If none has for a while, then all that are
     * taken are held for as long at least, whatever the mean was: the engine may be stuck.
     *
     * @param taken how many places are taken, 1 or more
     */
    long nanosUntil(int places, int taken, long nowNanos) {
        double waiting = contended ? (double) (nowNanos - sinceNanos) / taken : 0;
        return (long) Math.min((double) Long.MAX_VALUE, places * Math.max(waiting, meanNanos));
    }

    /**
     * When the {@code places}-th place from now will have come free, in seconds, 1 … 60. As long as none has, the time that
     * all have waited for it is the least that one takes.
     */
    int secondsUntil(int places, long nowNanos) {
        double interval = meanNanos == UNKNOWN ? (contended ? nowNanos - sinceNanos : 0) : meanNanos;
        double seconds = Math.ceil(places * interval / NANOS_PER_SECOND);
        return (int) Math.max(1, Math.min(LONGEST_SECONDS, seconds));
    }
}
