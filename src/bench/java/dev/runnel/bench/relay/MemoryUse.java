package dev.runnel.bench.relay;

/**
 * The memory of a service, in bytes.
 *
 * @param resident all of the process, 0 without {@code /proc}
 * @param heap what is used after a collection of the whole heap, NaN without {@code jcmd}
 */
public record MemoryUse(double resident, double heap) {

    private static final double MIB = 1024 * 1024;

    /** {@link #resident} in MiB. */
    public double residentMebibytes() {
        return resident / MIB;
    }

    /** {@link #heap} in MiB. */
    public double heapMebibytes() {
        return heap / MIB;
    }
}
