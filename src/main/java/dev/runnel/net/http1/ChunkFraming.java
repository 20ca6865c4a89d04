package dev.runnel.net.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The position of one HTTP/1.1 response in its chunks (RFC 9112, section 7.1), wherever its bytes are cut. It knows
 * only the chunks that servers of streams write: a size of at most seven digits, no extension, lines that end in CR LF.
 * For one thread.
 */
final class ChunkFraming {

    private static final int LONGEST_SIZE_LINE = 9;
    private static final int LINE_END_BYTES = 2;
    private static final int HEX = 16;

    private final byte[] sizeLine = new byte[LONGEST_SIZE_LINE];
    private int sizeLineLength;
    /** Bytes of the chunk's data and its line end that have not arrived; 0 before and in a size line. */
    private int left;
    /** The index of the next unread byte. */
    private int at;

    /** What {@link #next} found. */
    enum Found {
        /** Data, which starts at {@link #at}; {@link #passData} returns its length. */
        DATA,
        /** No more data in these bytes. */
        NEED_MORE,
        /** The last chunk, or one of another form; {@link #unread} returns what was read of it. */
        OTHER,
        /** A chunk that does not end where its size says. */
        BROKEN
    }

    /** Starts at index 0 of other bytes. */
    void start() {
        at = 0;
    }

    /** The index of the next byte that {@link #next} has not passed. */
    int at() {
        return at;
    }

    /** Reads up to the next data in bytes that end before {@code end}. */
    Found next(byte[] in, int end) {
        while (at < end) {
            if (left > LINE_END_BYTES) {
                return Found.DATA;
            }
            byte next = in[at++];
            if (left > 0) {
                if (next != (left == LINE_END_BYTES ? '\r' : '\n')) {
                    return Found.BROKEN;
                }
                left--;
            } else if (endsSizeLine(next)) {
                int size = size();
                if (size <= 0) {
                    return Found.OTHER;
                }
                sizeLineLength = 0;
                left = size + LINE_END_BYTES;
            }
        }
        return Found.NEED_MORE;
    }

    /** Passes the chunk's data after {@link Found#DATA}; returns its length in bytes. */
    int passData(int end) {
        int length = Math.min(end - at, left - LINE_END_BYTES);
        at += length;
        left -= length;
        return length;
    }

    /** What was read of a chunk of another form. */
    ByteBuf unread() {
        return Unpooled.copiedBuffer(sizeLine, 0, sizeLineLength);
    }

    private boolean endsSizeLine(byte next) {
        sizeLine[sizeLineLength++] = next;
        return next == '\n' || sizeLineLength == LONGEST_SIZE_LINE;
    }

    /** The size, or -1 if the line has another form. */
    private int size() {
        int digits = sizeLineLength - LINE_END_BYTES;
        if (digits < 1 || sizeLine[digits] != '\r' || sizeLine[digits + 1] != '\n') {
            return -1;
        }
        int size = 0;
        for (int at = 0; at < digits; at++) {
            int digit = Character.digit(sizeLine[at], HEX);
            if (digit < 0) {
                return -1;
            }
            size = size * HEX + digit;
        }
        return size;
    }
}
