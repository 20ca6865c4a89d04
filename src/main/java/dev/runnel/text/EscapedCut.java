package dev.runnel.text;

import java.util.OptionalInt;

/**
 * Finds a byte of a text in the escaped form of the text. An upstream's own escapes stand in that form as they came, so
 * each code point has one of several lengths there.
 */
final class EscapedCut {

    private static final int SHORT_ESCAPE_LENGTH = 2;

    private EscapedCut() {}

    /**
     * How many escaped bytes stand for the first bytes of the text.
     *
     * @param escaped well-formed, as {@link EscapedText} has it
     * @param length how many of these bytes are the text
     * @param utf8Position how many bytes of UTF-8, 0 or more
     * @return empty inside a code point, and beyond the text
     */
    static OptionalInt find(byte[] escaped, int length, long utf8Position) {
        int at = 0;
        long utf8 = 0;
        while (utf8 < utf8Position && at < length) {
            if (escaped[at] == '\\') {
                int count = Math.max(SHORT_ESCAPE_LENGTH, EscapeValidator.escapeLength(escaped, at, length));
                utf8 += EscapeValidator.unescapedLength(escaped, at, count);
                at += count;
            } else {
                int count = sequenceLength(escaped[at]);
                utf8 += count;
                at += count;
            }
        }
        return utf8 == utf8Position ? OptionalInt.of(at) : OptionalInt.empty();
    }

    /** The length of a UTF-8 sequence by its first byte, in bytes. */
    private static int sequenceLength(byte lead) {
        if (lead >= 0) {
            return 1;
        }
        int bits = lead & 0xff;
        return bits < 0xe0 ? 2 : bits < 0xf0 ? 3 : 4;
    }
}
