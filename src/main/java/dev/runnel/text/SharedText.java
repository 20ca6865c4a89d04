package dev.runnel.text;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The text of one generation, escaped and in UTF-8, for any number of readers on any threads. One thread appends. A
 * reader sees a prefix of the text, and its {@code Transcript} reads that prefix without a copy: bytes that were
 * published never change.
 */
public final class SharedText {

    private static final int FIRST_CAPACITY = 256;

    /** What readers see. Each append publishes a new one. */
    private volatile Extent extent = new Extent(new byte[FIRST_CAPACITY], 0, 0);

    /** A prefix of the text. Bytes of the array from {@code length} on may change. */
    static final class Extent {

        private final byte[] escaped;
        private final int length;
        private final long utf8Length;

        private Extent(byte[] escaped, int length, long utf8Length) {
            this.escaped = escaped;
            this.length = length;
            this.utf8Length = utf8Length;
        }

        byte[] escaped() {
            return escaped;
        }

        /** In escaped bytes. */
        int length() {
            return length;
        }

        /** In bytes of UTF-8 before escaping. */
        long utf8Length() {
            return utf8Length;
        }
    }

    /** The bytes of the array that {@link #append} needs for a piece; 0 if the present array suffices. */
    public int growthFor(EscapedText text) {
        Extent before = extent;
        int needed = before.length() + text.escapedLength();
        return needed > before.escaped().length ? Math.max(needed, before.escaped().length * 2) : 0;
    }

    /** Appends a piece. For one thread. */
    public void append(EscapedText text) {
        Extent before = extent;
        byte[] escaped = before.escaped();
        int grown = growthFor(text);
        if (grown > 0) {
            escaped = Arrays.copyOf(escaped, grown);
        }
        int length = text.copyTo(escaped, before.length());
        extent = new Extent(escaped, length, before.utf8Length() + text.utf8Length());
    }

    /** Frees what the text does not need, after the last append. For the thread that appends. */
    public void trim() {
        Extent before = extent;
        if (before.length() < before.escaped().length) {
            byte[] exact = Arrays.copyOf(before.escaped(), before.length());
            extent = new Extent(exact, before.length(), before.utf8Length());
        }
    }

    /** The memory that the text uses, in bytes. */
    public int capacity() {
        return extent.escaped().length;
    }

    /** The length in bytes of UTF-8 before escaping. */
    public long utf8Length() {
        return extent.utf8Length();
    }

    /**
     * The place in the escaped form of a byte of the text.
     *
     * @param utf8Position how many bytes of UTF-8 precede the place, 0 or more
     * @return how many escaped bytes precede it; empty beyond the text and inside a code point
     */
    public OptionalInt escapedPosition(long utf8Position) {
        Extent seen = extent;
        if (utf8Position == seen.utf8Length()) {
            return OptionalInt.of(seen.length());
        }
        return utf8Position > seen.utf8Length()
                ? OptionalInt.empty()
                : EscapedCut.find(seen.escaped(), seen.length(), utf8Position);
    }

    Extent extent() {
        return extent;
    }
}
