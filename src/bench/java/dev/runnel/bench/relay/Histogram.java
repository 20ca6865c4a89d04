package dev.runnel.bench.relay;

import java.util.Map;

/** Microseconds, each to the nearest percent or so below it. For one thread. */
final class Histogram {

    /** Values of one power of two fall into so many classes. */
    private static final int CLASSES = 64;

    private static final int CLASS_BITS = 6;
    private static final int POWERS = 26;

    private final long[] counts = new long[CLASSES * (POWERS + 2)];
    private long total;

    void add(long micros) {
        long value = Math.max(0, micros);
        int power = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - CLASS_BITS - 1);
        counts[Math.min(counts.length - 1, power * CLASSES + (int) (value >>> power))]++;
        total++;
    }

    /** p50, p99 and p999. */
    Map<String, Long> quantiles() {
        return Map.of("p50", quantile(0.5), "p99", quantile(0.99), "p999", quantile(0.999));
    }

    /** @param share 0 … 1; 0.99 is what 99 of 100 do not exceed; 0 where nothing was added */
    long quantile(double share) {
        long wanted = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && counts[i] > 0) {
                return valueOf(i);
            }
        }
        return 0;
    }

    private static long valueOf(int index) {
        int power = Math.max(0, index / CLASSES - 1);
        return (long) (index - power * CLASSES) << power;
    }
}
