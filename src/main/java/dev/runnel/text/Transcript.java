package dev.runnel.text;

import java.util.Arrays;

/**
 * The text of one generation as events carry it: escaped and in UTF-8. It only grows. Bytes are copied and never
 * encoded again. Each reader has its own position in it, a {@code TranscriptReader}. For one thread.
 */
public final class Transcript {

    private static final int FIRST_CAPACITY = 256;
    /** A larger array is released once all of it was read and discarded. */
    private static final int KEPT_CAPACITY = 16 * 1024;

    private byte[] escaped = new byte[FIRST_CAPACITY];
    private int length;
    /** The position after the last byte, in escaped bytes from the first byte of the whole text. */
    private long end;

    private long utf8Length;
    private int pieces;

    public void append(EscapedText text) {
        int grown = growthFor(text);
        if (grown > 0) {
            escaped = Arrays.copyOf(escaped, grown);
        }
        length = text.copyTo(escaped, length);
        end += text.escapedLength();
        utf8Length += text.utf8Length();
        pieces += text.isEmpty() ? 0 : 1;
    }

    /**
     * Shows a shared text as it is now, without a copy. Such a transcript has no text of its own: nothing is appended
     * to it, and nothing is discarded.
     */
    public void show(SharedText text) {
        SharedText.Extent extent = text.extent();
        escaped = extent.escaped();
        length = extent.length();
        end = length;
        utf8Length = extent.utf8Length();
        pieces = extent.pieces();
    }

    /**
     * The bytes of the array that {@link #append} needs for a text; 0 if the present array suffices. Most texts that
     * are sent at once need no other array than the first, of 256 bytes.
     */
    public int growthFor(EscapedText text) {
        int needed = length + text.escapedLength();
        return needed > escaped.length ? Math.max(needed, escaped.length * 2) : 0;
    }

    /** The length of the text that is held, in escaped bytes. If no reader discards, this is the whole text. */
    public int length() {
        return length;
    }

    /** The bytes of the array beyond the first one. */
    public int grownCapacity() {
        return escaped.length == FIRST_CAPACITY ? 0 : escaped.length;
    }

    /** The length of the whole text, in bytes of UTF-8 before escaping. Discarded text counts. */
    public long utf8Length() {
        return utf8Length;
    }

    /**
     * How many pieces the whole text came in; empty ones do not count. Of a shared text 0, where it does not keep its
     * pieces.
     */
    public int pieces() {
        return pieces;
    }

    /** Copies all that is held. */
    public void copyTo(ByteSink event) {
        event.add(escaped, 0, length);
    }

    /** Discards all but the last bytes. */
    void keepLast(int kept) {
        if (kept > 0) {
            System.arraycopy(escaped, length - kept, escaped, 0, kept);
        } else if (escaped.length > KEPT_CAPACITY) {
            escaped = new byte[FIRST_CAPACITY];
        }
        length = kept;
    }

    /** The position after the last byte, in escaped bytes from the first byte of the whole text. */
    public long end() {
        return end;
    }

    /** Copies bytes. They are addressed from the end, so that a discard moves no reader. */
    void copy(int fromEnd, int bytes, ByteSink event) {
        event.add(escaped, length - fromEnd, bytes);
    }
}
