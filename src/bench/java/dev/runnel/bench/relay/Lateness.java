package dev.runnel.bench.relay;

import java.util.function.LongConsumer;

/**
 * How late the events of one stream are whose tokens are due at a fixed interval. The event that came earliest, beside
 * its place in the stream, was on time. For one thread.
 */
final class Lateness {

    private final long intervalMicros;
    /** When each event came, less the time from the first token to its own. */
    private final long[] offsets;

    private int events;
    private long earliest = Long.MAX_VALUE;

    /** @param most how many events there may be */
    Lateness(long intervalMicros, int most) {
        this.intervalMicros = intervalMicros;
        this.offsets = new long[most];
    }

    /**
     * An event came.
     *
     * @param index of its first token
     */
    void token(int index, long nowMicros) {
        long offset = nowMicros - index * intervalMicros;
        offsets[events++] = offset;
        earliest = Math.min(earliest, offset);
    }

    /** Passes the lateness of each event, in microseconds. */
    void forEach(LongConsumer late) {
        for (int i = 0; i < events; i++) {
            late.accept(offsets[i] - earliest);
        }
    }
}
