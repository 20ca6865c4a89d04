package dev.runnel.text;

import java.util.Arrays;

/**
 * The text of one generation in the form in which events carry it, and how much of it the client was sent. Bytes are copied,
 * never encoded again.
 */
public final class Transcript {

    private static final int FIRST_CAPACITY = 256;

    private byte[] escaped = new byte[FIRST_CAPACITY];
    private int length;
    private int sent;

    public void append(EscapedText text) {
        int needed = length + text.escapedLength();
        if (needed > escaped.length) {
            escaped = Arrays.copyOf(escaped, Math.max(needed, escaped.length * 2));
        }
        length = text.copyTo(escaped, length);
    }

    public boolean hasUnsent() {
        return sent < length;
    }

    /** The length of the whole, in bytes as they go out. */
    public int length() {
        return length;
    }

    public int unsentLength() {
        return length - sent;
    }

    public void copyTo(ByteSink event) {
        event.add(escaped, 0, length);
    }

    public void copyUnsentTo(ByteSink event) {
        event.add(escaped, sent, length - sent);
    }

    /** All that is there counts as sent. */
    public void markSent() {
        sent = length;
    }

    /** All that is there counts as sent, and is needed no more. */
    public void forget() {
        length = 0;
        sent = 0;
    }
}
