package dev.runnel.engine.openai;

import java.util.Arrays;

/** A byte buffer that grows up to a limit. For one thread. */
final class BoundedBytes {

    private static final int FIRST_CAPACITY = 256;
    private static final int KEPT_CAPACITY = 8 * 1024;
    private static final byte[] NONE = new byte[0];

    private final int limit;
    private byte[] array = NONE;
    private int length;

    /** @param limit the most bytes it may hold */
    BoundedBytes(int limit) {
        this.limit = limit;
    }

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** @throws BadUpstreamException over the limit */
    void add(byte[] source, int from, int end) {
        ensure(length + end - from);
        System.arraycopy(source, from, array, length, end - from);
        length += end - from;
    }

    /** @throws BadUpstreamException over the limit */
    void add(byte b) {
        ensure(length + 1);
        array[length++] = b;
    }

    /** Empties it, and frees the memory after a large event. */
    void clear() {
        length = 0;
        if (array.length > KEPT_CAPACITY) {
            array = NONE;
        }
    }

    private void ensure(int needed) {
        if (needed > limit) {
            throw new BadUpstreamException("an event of more than " + limit + " bytes");
        }
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.min(limit, Math.max(needed, Math.max(FIRST_CAPACITY, 2 * array.length))));
        }
    }
}
