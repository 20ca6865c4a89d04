package dev.runnel.engine.openai;

import java.util.Arrays;

/** A byte buffer that grows up to a limit. For one thread. */
final class BoundedBytes {

    private static final int FIRST_CAPACITY = 256;
    private static final int KEPT_CAPACITY = 8 * 1024;
    private static final byte[] NONE = new byte[0];

    /** A larger array is reported. Two buffers of this size are as much as the connection itself needs. */
    static final int UNCOUNTED_CAPACITY = 16 * 1024;

    /** Counts what large buffers need. */
    @FunctionalInterface
    interface Growth {

        /** Counts nothing. */
        Growth UNCOUNTED = (before, after) -> {};

        /**
         * The array is about to get another length. Called only if one of the lengths is large.
         *
         * @param before in bytes
         * @param after in bytes; 0 if the array was dropped
         * @throws HeldTooMuchException if it may not grow
         */
        void resized(int before, int after);
    }

    private final int limit;
    private final Growth growth;
    private byte[] array = NONE;
    private int length;

    /** @param limit the most bytes it may hold */
    BoundedBytes(int limit) {
        this(limit, Growth.UNCOUNTED);
    }

    BoundedBytes(int limit, Growth growth) {
        this.limit = limit;
        this.growth = growth;
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

    /**
     * Appends bytes.
     *
     * @throws BadUpstreamException over the limit
     * @throws HeldTooMuchException if there is no memory for them
     */
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
            drop();
        }
    }

    /** Empties it, and frees all of its memory. */
    void free() {
        length = 0;
        drop();
    }

    private void drop() {
        int before = array.length;
        array = NONE;
        if (before > UNCOUNTED_CAPACITY) {
            growth.resized(before, 0);
        }
    }

    private void ensure(int needed) {
        if (needed > limit) {
            throw new BadUpstreamException("an event of more than " + limit + " bytes");
        }
        if (needed > array.length) {
            grow(Math.min(limit, Math.max(needed, Math.max(FIRST_CAPACITY, 2 * array.length))));
        }
    }

    private void grow(int capacity) {
        if (capacity > UNCOUNTED_CAPACITY) {
            growth.resized(array.length, capacity);
        }
        array = Arrays.copyOf(array, capacity);
    }
}
