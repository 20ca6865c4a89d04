package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;
import java.util.Arrays;

/** A queue of bytes: appended at the end, removed from the front. */
final class ByteQueue {

    private static final int FIRST_CAPACITY = 64;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;

    int length() {
        return length;
    }

    byte at(int index) {
        return bytes[index];
    }

    void append(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = b;
    }

    void append(byte[] source, int count) {
        for (int i = 0; i < count; i++) {
            append(source[i]);
        }
    }

    /** Removes the bytes from {@code index} on. */
    void cutAt(int index) {
        length = index;
    }

    /** Removes the first {@code count} bytes, which are whole code points, and returns them as text. */
    EscapedText remove(int count) {
        EscapedText text = EscapedText.ofUtf8(bytes, 0, count);
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
        return text;
    }
}
