package dev.runnel.cli;

/**
 * Finds from samples that the collector works and frees next to nothing. That needs three samples in a row. In each of
 * them, collections used half of the time or more, and left at most 10 % of the heap free. Then each event waits for
 * collections, and the service does not recover by itself. For one thread.
 */
final class HeapPressure {

    private static final int ENOUGH = 3;
    private static final double MAX_FREE = 0.1;
    private static final double MIN_TIME = 0.5;

    private final long maxBytes;
    private long lastMillis;
    private long lastCollectionMillis;
    private int inARow;

    /**
     * @param maxBytes the most bytes of the heap
     * @param nowMillis a clock that never goes back
     * @param collectionMillis the time of all collections so far
     */
    HeapPressure(long maxBytes, long nowMillis, long collectionMillis) {
        this.maxBytes = maxBytes;
        this.lastMillis = nowMillis;
        this.lastCollectionMillis = collectionMillis;
    }

    /**
     * Adds a sample.
     *
     * @param usedBytes what the last collections left in use
     * @return whether the heap is exhausted
     */
    boolean isExhausted(long nowMillis, long collectionMillis, long usedBytes) {
        boolean busy = collectionMillis - lastCollectionMillis >= MIN_TIME * (nowMillis - lastMillis);
        boolean full = usedBytes >= maxBytes * (1 - MAX_FREE);
        inARow = busy && full ? inARow + 1 : 0;
        lastMillis = nowMillis;
        lastCollectionMillis = collectionMillis;
        return inARow == ENOUGH;
    }
}
