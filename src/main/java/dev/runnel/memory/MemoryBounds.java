package dev.runnel.memory;

import dev.runnel.config.RunnelConfig;

/**
 * The bounds of the bytes that are held for clients.
 *
 * @param total in all
 * @param perConnection for the requests of one connection together
 */
public record MemoryBounds(long total, long perConnection) {

    private static final int HEAP_SHARE = 4;

    /**
     * One request holds its text in an array with room to grow, at most twice the text. It also holds an event: the
     * text, a delta of at most that length, and a quarter of both. So one request reaches the bound of its connection
     * only if JSON escapes much of its text.
     */
    private static final int TEXTS_PER_REQUEST = 5;

    public MemoryBounds {
        if (total < 1 || perConnection < 1) {
            throw new IllegalArgumentException(
                    "total, perConnection: " + total + ", " + perConnection + " (expected: >= 1, >= 1)");
        }
    }

    /** The bounds of this process. The default total is a quarter of the heap, and enough for one largest body. */
    public static MemoryBounds of(RunnelConfig config) {
        return of(config, Runtime.getRuntime().maxMemory());
    }

    /** @param heapBytes the most bytes of the heap */
    static MemoryBounds of(RunnelConfig config, long heapBytes) {
        long oneBody = config.http().maxBodyBytes();
        long total = config.memory().heldBytes().orElse(Math.max(config.leastHeldBytes(), heapBytes / HEAP_SHARE));
        long perConnection =
                oneBody + TEXTS_PER_REQUEST * (long) config.generation().maxTextBytes();
        return new MemoryBounds(total, perConnection);
    }
}
