package dev.runnel.text;

import java.nio.charset.StandardCharsets;

/** The bytes between the quotes of a JSON string: from UTF-8 and back. */
final class JsonEscape {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int UNICODE_ESCAPE_LENGTH = 6;

    /**
     * For each ASCII byte the length of its escaped form: 1 for itself, 2 for a short escape, 6 for {@code \}{@code
     * u00xx}.
     */
    private static final byte[] ASCII_LENGTH = asciiLengths();

    private JsonEscape() {}

    private static byte[] asciiLengths() {
        byte[] lengths = new byte[128];
        for (int c = 0; c < lengths.length; c++) {
            lengths[c] = (byte) (c < 0x20 || c == 0x7f ? UNICODE_ESCAPE_LENGTH : 1);
        }
        for (char c : "\b\t\n\f\r\"\\".toCharArray()) {
            lengths[c] = 2;
        }
        return lengths;
    }

    static int escapedLength(byte[] utf8, int offset, int length) {
        int total = 0;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte b = utf8[i];
            if (b >= 0) {
                total += ASCII_LENGTH[b];
            } else if (isLineBreakLead(b) && lineBreakLength(utf8, i, end) > 0) {
                i += lineBreakLength(utf8, i, end) - 1;
                total += UNICODE_ESCAPE_LENGTH;
            } else {
                total++;
            }
        }
        return total;
    }

    static byte[] escape(byte[] utf8, int offset, int length, int escapedLength) {
        byte[] out = new byte[escapedLength];
        int at = 0;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte b = utf8[i];
            if (b >= 0) {
                at = escapeAscii(b, out, at);
            } else if (isLineBreakLead(b) && lineBreakLength(utf8, i, end) > 0) {
                int bytes = lineBreakLength(utf8, i, end);
                at = unicodeEscape(bytes == 2 ? 0x85 : 0x2000 | (utf8[i + 2] & 0x3f), out, at);
                i += bytes - 1;
            } else {
                out[at++] = b;
            }
        }
        return out;
    }

    private static boolean isLineBreakLead(byte b) {
        return b == (byte) 0xc2 || b == (byte) 0xe2;
    }

    /** 2 at U+0085, 3 at U+2028 and U+2029, else 0. */
    private static int lineBreakLength(byte[] utf8, int i, int end) {
        if (utf8[i] == (byte) 0xc2) {
            return i + 1 < end && utf8[i + 1] == (byte) 0x85 ? 2 : 0;
        }
        boolean separator =
                i + 2 < end && utf8[i + 1] == (byte) 0x80 && (utf8[i + 2] == (byte) 0xa8 || utf8[i + 2] == (byte) 0xa9);
        return separator ? 3 : 0;
    }

    private static int escapeAscii(byte b, byte[] out, int at) {
        int next = at;
        switch (ASCII_LENGTH[b]) {
            case 1 -> out[next++] = b;
            case 2 -> {
                out[next++] = '\\';
                out[next++] = shortEscape(b);
            }
            default -> next = unicodeEscape(b, out, at);
        }
        return next;
    }

    private static byte shortEscape(byte b) {
        return (byte)
                switch (b) {
                    case '\b' -> 'b';
                    case '\t' -> 't';
                    case '\n' -> 'n';
                    case '\f' -> 'f';
                    case '\r' -> 'r';
                    default -> b;
                };
    }

    private static int unicodeEscape(int unit, byte[] out, int at) {
        out[at] = '\\';
        out[at + 1] = 'u';
        for (int digit = 0; digit < 4; digit++) {
            out[at + 2 + digit] = HEX[(unit >> (12 - 4 * digit)) & 0xf];
        }
        return at + UNICODE_ESCAPE_LENGTH;
    }

    /** Undoes {@link #escape(byte[], int, int, int)}; understands every legal escape, and pairs of surrogates. */
    static byte[] unescape(byte[] escaped, int utf8Length) {
        byte[] out = new byte[utf8Length];
        int at = 0;
        for (int i = 0; i < escaped.length; i++) {
            byte b = escaped[i];
            if (b != '\\') {
                out[at++] = b;
            } else if (escaped[++i] == 'u') {
                int codePoint = codePoint(escaped, i + 1);
                at = putCodePoint(codePoint, out, at);
                i += Character.isSupplementaryCodePoint(codePoint) ? 4 + UNICODE_ESCAPE_LENGTH : 4;
            } else {
                out[at++] = longForm(escaped[i]);
            }
        }
        return out;
    }

    private static int codePoint(byte[] escaped, int digits) {
        int unit = hex(escaped, digits);
        return Character.isHighSurrogate((char) unit)
                ? Character.toCodePoint((char) unit, (char) hex(escaped, digits + UNICODE_ESCAPE_LENGTH))
                : unit;
    }

    private static int hex(byte[] bytes, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            value = value << 4 | Character.digit(bytes[i], 16);
        }
        return value;
    }

    private static int putCodePoint(int codePoint, byte[] out, int at) {
        byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, out, at, utf8.length);
        return at + utf8.length;
    }

    static byte longForm(byte b) {
        return (byte)
                switch (b) {
                    case 'b' -> '\b';
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'f' -> '\f';
                    case 'r' -> '\r';
                    default -> b;
                };
    }
}
