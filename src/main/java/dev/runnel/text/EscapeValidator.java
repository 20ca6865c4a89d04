package dev.runnel.text;

import java.nio.charset.StandardCharsets;

/**
 * Reads what another writer put between the quotes of a JSON string (RFC 8259 section 7). Nearly all of it can stay as
 * it is; {@link #cleanUtf8Length} finds that out in one pass and without garbage.
 */
final class EscapeValidator {

    private static final int UNICODE_ESCAPE_LENGTH = 6;
    private static final char REPLACEMENT = '\ufffd';

    /** For each ASCII byte: whether it stays unescaped in our own form. */
    private static final boolean[] PLAIN = plain();

    private EscapeValidator() {}

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        for (int c = 0x20; c < 0x7f; c++) {
            plain[c] = c != '"' && c != '\\';
        }
        return plain;
    }

    /**
     * The text's length in UTF-8, or -1 where the bytes cannot stay as they are. They are then not JSON, not UTF-8,
     * half a surrogate pair, or a character that our own form always escapes.
     */
    static int cleanUtf8Length(byte[] bytes, int from, int end) {
        int length = 0;
        int at = from;
        while (at < end) {
            byte b = bytes[at];
            if (b >= 0 && PLAIN[b]) {
                at++;
                length++;
                continue;
            }
            int count = b == '\\' ? escapeLength(bytes, at, end) : sequenceLength(bytes, at, end);
            if (count == 0) {
                return -1;
            }
            length += b == '\\' ? unescapedLength(bytes, at, count) : count;
            at += count;
        }
        return length;
    }

    /**
     * The length of the escape at {@code at} in bytes, a pair of surrogates as one; 0 where it is broken or half a
     * pair.
     */
    static int escapeLength(byte[] bytes, int at, int end) {
        if (at + 1 >= end) {
            return 0;
        }
        if (bytes[at + 1] != 'u') {
            return isShortEscape(bytes[at + 1]) ? 2 : 0;
        }
        int unit = unit(bytes, at, end);
        if (unit < 0 || Character.isLowSurrogate((char) unit)) {
            return 0;
        }
        if (!Character.isHighSurrogate((char) unit)) {
            return UNICODE_ESCAPE_LENGTH;
        }
        int next = unit(bytes, at + UNICODE_ESCAPE_LENGTH, end);
        return next >= 0 && Character.isLowSurrogate((char) next) ? 2 * UNICODE_ESCAPE_LENGTH : 0;
    }

    /** The length in UTF-8 of what an escape stands for. The escape is well-formed. */
    static int unescapedLength(byte[] bytes, int at, int escapedLength) {
        if (escapedLength != UNICODE_ESCAPE_LENGTH) {
            return escapedLength == 2 ? 1 : 4;
        }
        int unit = unit(bytes, at, at + escapedLength);
        if (unit < 0x80) {
            return 1;
        }
        return unit < 0x800 ? 2 : 3;
    }

    private static boolean isShortEscape(byte b) {
        return switch (b) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> true;
            default -> false;
        };
    }

    /** The UTF-16 unit of the {@code \}{@code uXXXX} at {@code at}, or -1 where there is no such escape. */
    private static int unit(byte[] bytes, int at, int end) {
        if (at + UNICODE_ESCAPE_LENGTH > end || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + UNICODE_ESCAPE_LENGTH; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /**
     * The length of the UTF-8 sequence at {@code at} in bytes (Unicode 16, table 3-7). It is 0 where the bytes are not
     * UTF-8, are an ASCII character that must be escaped, or are one of U+0085, U+2028 and U+2029.
     */
    private static int sequenceLength(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        int length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (length == 0 || at + length > end) {
            return 0;
        }
        for (int i = at + 1; i < at + length; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return isWellFormed(lead, bytes[at + 1] & 0xff) && !isLineBreak(bytes, at) ? length : 0;
    }

    private static boolean isWellFormed(int lead, int second) {
        return switch (lead) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }

    private static boolean isLineBreak(byte[] bytes, int at) {
        if (bytes[at] == (byte) 0xc2) {
            return bytes[at + 1] == (byte) 0x85;
        }
        return bytes[at] == (byte) 0xe2
                && bytes[at + 1] == (byte) 0x80
                && (bytes[at + 2] == (byte) 0xa8 || bytes[at + 2] == (byte) 0xa9);
    }

    /**
     * How many bytes at the end are the first half of a surrogate pair whose other half may still come: 6 or 0. The
     * bytes must be the inside of a JSON string.
     */
    static int openSurrogateLength(byte[] bytes, int from, int end) {
        int at = end - UNICODE_ESCAPE_LENGTH;
        if (at < from || !Character.isHighSurrogate((char) unit(bytes, at, end))) {
            return 0;
        }
        int backslashes = 0;
        for (int i = at; i >= from && bytes[i] == '\\'; i--) {
            backslashes++;
        }
        return backslashes % 2 == 1 ? UNICODE_ESCAPE_LENGTH : 0;
    }

    /**
     * Decodes, with U+FFFD for what is not UTF-8 and for halves of surrogate pairs.
     *
     * @throws IllegalArgumentException where this is not the inside of a JSON string
     */
    static String decoded(byte[] bytes, int offset, int length) {
        String escaped = new String(bytes, offset, length, StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(escaped.length());
        int at = 0;
        while (at < escaped.length()) {
            char c = escaped.charAt(at);
            if (c == '"' || c < 0x20) {
                throw new IllegalArgumentException("a quote or a control character that is not escaped");
            }
            at += c == '\\' ? decodeEscape(escaped, at, text) : copy(c, text);
        }
        return withoutLoneSurrogates(text.toString());
    }

    private static int copy(char c, StringBuilder text) {
        text.append(c);
        return 1;
    }

    private static int decodeEscape(String escaped, int at, StringBuilder text) {
        char kind = at + 1 < escaped.length() ? escaped.charAt(at + 1) : 0;
        if (kind == 'u') {
            byte[] digits = escaped.substring(at, Math.min(at + UNICODE_ESCAPE_LENGTH, escaped.length()))
                    .getBytes(StandardCharsets.UTF_8);
            int unit = unit(digits, 0, digits.length);
            if (unit < 0) {
                throw new IllegalArgumentException("a broken \\u escape");
            }
            text.append((char) unit);
            return UNICODE_ESCAPE_LENGTH;
        }
        if (kind > 0x7f || !isShortEscape((byte) kind)) {
            throw new IllegalArgumentException("an unknown escape");
        }
        text.append((char) JsonEscape.longForm((byte) kind));
        return 2;
    }

    private static String withoutLoneSurrogates(String text) {
        if (!Surrogates.hasUnpaired(text)) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
