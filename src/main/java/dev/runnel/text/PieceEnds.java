package dev.runnel.text;

import java.util.Arrays;

/**
 * Where each piece of a text ends, in bytes of UTF-8. Immutable for a reader: each piece makes a new object, and the
 * entries up to its count never change. One thread appends.
 */
final class PieceEnds {

    /** Of a text whose pieces are not kept. */
    static final PieceEnds NONE = new PieceEnds(new int[0], 0);

    private static final int FIRST_CAPACITY = 16;

    private final int[] ends;
    private final int count;

    private PieceEnds(int[] ends, int count) {
        this.ends = ends;
        this.count = count;
    }

    /** Of a text without pieces, whose pieces are kept. */
    static PieceEnds start() {
        return new PieceEnds(new int[FIRST_CAPACITY], 0);
    }

    boolean areKept() {
        return this != NONE;
    }

    /** With one more piece. The text's array has at most 2^31 bytes, and so has the text. */
    PieceEnds with(long end) {
        int[] room = count == ends.length ? Arrays.copyOf(ends, capacityForOneMore()) : ends;
        room[count] = Math.toIntExact(end);
        return new PieceEnds(room, count + 1);
    }

    /** Without the entries that no piece needs. */
    PieceEnds trimmed() {
        return areKept() ? new PieceEnds(Arrays.copyOf(ends, count), count) : this;
    }

    int bytes() {
        return Integer.BYTES * ends.length;
    }

    /** The bytes after one more piece. */
    int bytesForOneMore() {
        return areKept() && count == ends.length ? Integer.BYTES * capacityForOneMore() : bytes();
    }

    private int capacityForOneMore() {
        return Math.max(FIRST_CAPACITY, 2 * ends.length);
    }

    int count() {
        return count;
    }

    /** How many pieces end at a place or before it. None of them is empty, so each ends at another place. */
    int countUpTo(long place) {
        int key = (int) Math.min(place, Integer.MAX_VALUE);
        int found = Arrays.binarySearch(ends, 0, count, key);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** Where the last of so many pieces ends; 0 for none. */
    long end(int pieces) {
        return pieces == 0 ? 0 : ends[pieces - 1];
    }
}
