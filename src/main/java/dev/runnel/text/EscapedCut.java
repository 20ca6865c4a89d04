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
     * A place between two code points.
     *
     * @param escaped how many bytes of the escaped form precede it
     * @param utf8 how many bytes of UTF-8 precede it
     */
    record Place(int escaped, long utf8) {

        static final Place START = new Place(0, 0);
    }

    /**
     * How many escaped bytes stand for the first bytes of the text.
     *
     * @param escaped well-formed, as {@link EscapedText} has it
     * @param length how many of these bytes are the text
     * @param from a place at or before the position: what precedes it is not read
     * @param utf8Position how many bytes of UTF-8, 0 or more
     * @return empty inside a code point, and beyond the text
     */
    static OptionalInt find(byte[] escaped, int length, Place from, long utf8Position) {
        Place found = advance(escaped, length, from, utf8Position);
        return found.utf8() == utf8Position ? OptionalInt.of(found.escaped()) : OptionalInt.empty();
    }

    /** The first place at or after a position, or the end of the text. With the parameters of {@link #find}. */
    static Place advance(byte[] escaped, int length, Place from, long utf8Position) {
        int at = from.escaped();
        long utf8 = from.utf8();
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
        return new Place(at, utf8);
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
