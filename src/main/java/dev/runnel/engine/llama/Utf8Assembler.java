package dev.runnel.engine.llama;

/**
 * Makes whole code points of a model's bytes, which begin and end anywhere. What no UTF-8 text can hold becomes U+FFFD, one
 * for each maximal part, as the UTF-8 decoder of the WHATWG Encoding Standard has it.
 */
final class Utf8Assembler {

    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private final ByteQueue whole = new ByteQueue();
    private final byte[] begun = new byte[4];
    private int seen;
    private int needed;
    private int lower = 0x80;
    private int upper = 0xbf;

    /** Takes the first {@code length} of the bytes. */
    void append(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            append(bytes[i]);
        }
    }

    /** The bytes of the code points that are whole; the caller takes them away. */
    ByteQueue whole() {
        return whole;
    }

    /** Nothing more comes: a code point that has begun is replaced. */
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
            begin(value);
        }
        if (needed > 0) {
            goOn(b);
        }
    }

    private void begin(int value) {
        if (value < 0x80) {
            whole.append((byte) value);
        } else if (value < 0xc2 || value > 0xf4) {
            whole.append(REPLACEMENT, REPLACEMENT.length);
        } else {
            needed = value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
        }
    }

    private void goOn(byte b) {
        int value = b & 0xff;
        begun[seen++] = b;
        lower = value == 0xe0 && seen == 1 ? 0xa0 : value == 0xf0 && seen == 1 ? 0x90 : 0x80;
        upper = value == 0xed && seen == 1 ? 0x9f : value == 0xf4 && seen == 1 ? 0x8f : 0xbf;
        if (seen == needed) {
            whole.append(begun, seen);
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
