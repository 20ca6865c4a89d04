package dev.runnel.engine.llama;

/**
 * Assembles whole code points from a model's bytes, which may start and end inside of one. Invalid UTF-8 becomes
 * U+FFFD, one for each maximal subpart, as in the UTF-8 decoder of the WHATWG Encoding Standard.
 */
final class Utf8Assembler {

    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private final ByteQueue whole = new ByteQueue();
    private final byte[] partial = new byte[4];
    private int seen;
    private int needed;
    private int lower = 0x80;
    private int upper = 0xbf;

    /** Appends the first {@code length} bytes. */
    void append(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            append(bytes[i]);
        }
    }

    /** The bytes of whole code points; the caller removes them. */
    ByteQueue whole() {
        return whole;
    }

    /** Whether the bytes end inside of a code point. */
    boolean isOpen() {
        return needed > 0;
    }

    /** No more bytes follow: an incomplete code point is replaced. */
    void end() {
        if (needed > 0) {
            replace();
        }
    }

    private void append(byte b) {
        int value = b & 0xff;
        if (needed > 0 && (value < lower || value > upper)) {
            replace();
        }
        if (needed == 0) {
            start(value);
        }
        if (needed > 0) {
            add(b);
        }
    }

    private void start(int value) {
        if (value < 0x80) {
            whole.append((byte) value);
        } else if (value < 0xc2 || value > 0xf4) {
            whole.append(REPLACEMENT, REPLACEMENT.length);
        } else {
            needed = value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
        }
    }

    private void add(byte b) {
        int value = b & 0xff;
        partial[seen++] = b;
        lower = value == 0xe0 && seen == 1 ? 0xa0 : value == 0xf0 && seen == 1 ? 0x90 : 0x80;
        upper = value == 0xed && seen == 1 ? 0x9f : value == 0xf4 && seen == 1 ? 0x8f : 0xbf;
        if (seen == needed) {
            whole.append(partial, seen);
            reset();
        }
    }

    private void replace() {
        whole.append(REPLACEMENT, REPLACEMENT.length);
        reset();
    }

    private void reset() {
        seen = 0;
        needed = 0;
        lower = 0x80;
        upper = 0xbf;
    }
}
