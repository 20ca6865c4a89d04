package dev.runnel.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of text as it stands between the quotes of a JSON string, in UTF-8. Text is escaped once, where it enters the
 * service, and is sent to every client as these bytes. Immutable; always whole code points.
 *
 * <p>RFC 8259 section 7 demands to escape {@code "}, {@code \} and U+0000 … U+001F. U+007F is escaped too, and so are
 * U+0085, U+2028 and U+2029, which some line readers treat as the end of a line. Text of an upstream may have further
 * escapes.
 */
public final class EscapedText {

    /** No text. */
    public static final EscapedText EMPTY = new EscapedText(new byte[0], 0);

    private final byte[] escaped;
    private final int utf8Length;

    private EscapedText(byte[] escaped, int utf8Length) {
        this.escaped = escaped;
        this.utf8Length = utf8Length;
    }

    /**
     * Escapes a string.
     *
     * @param text whole code points
     * @return the same, escaped
     * @throws IllegalArgumentException if the text has a lone surrogate, which UTF-8 cannot express
     */
    public static EscapedText of(String text) {
        if (Surrogates.hasUnpaired(text)) {
            throw new IllegalArgumentException("text with a lone surrogate (expected: whole code points)");
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ofUtf8(utf8, 0, utf8.length);
    }

    /**
     * Escapes well-formed UTF-8 that neither starts nor ends inside a code point.
     *
     * @param utf8 where the text stands; is copied
     * @param offset its first byte
     * @param length how many bytes
     * @return the same, escaped
     */
    public static EscapedText ofUtf8(byte[] utf8, int offset, int length) {
        if (length == 0) {
            return EMPTY;
        }
        int escapedLength = JsonEscape.escapedLength(utf8, offset, length);
        if (escapedLength == length) {
            return new EscapedText(Arrays.copyOfRange(utf8, offset, offset + length), length);
        }
        return new EscapedText(JsonEscape.escape(utf8, offset, length, escapedLength), length);
    }

    /**
     * Accepts what another writer put between the quotes of a JSON string. Every legal escape stays as it is. What is
     * not UTF-8 becomes U+FFFD, and so does half a surrogate pair. Hold one back that may still be completed, see
     * {@link #openSurrogateLength}.
     *
     * @param escaped where the text stands; is copied
     * @param offset its first byte
     * @param length how many bytes
     * @return the text
     * @throws IllegalArgumentException where this is not the inside of a JSON string: a quote or a control character
     *     that is not escaped, a broken escape
     */
    public static EscapedText ofEscaped(byte[] escaped, int offset, int length) {
        if (length == 0) {
            return EMPTY;
        }
        int utf8Length = EscapeValidator.cleanUtf8Length(escaped, offset, offset + length);
        if (utf8Length >= 0) {
            return new EscapedText(Arrays.copyOfRange(escaped, offset, offset + length), utf8Length);
        }
        return of(EscapeValidator.decoded(escaped, offset, length));
    }

    /**
     * Whether {@link #ofEscaped} leaves these bytes unchanged. Costs one pass and no garbage.
     *
     * @param escaped where the text stands
     * @param offset its first byte
     * @param length how many bytes
     * @return {@code true} if it does
     */
    public static boolean isClean(byte[] escaped, int offset, int length) {
        return EscapeValidator.cleanUtf8Length(escaped, offset, offset + length) >= 0;
    }

    /**
     * How many of the last bytes to hold back. They are the first half of a surrogate pair in an escape of its own; the
     * second half may come with what is written next. The bytes are the inside of a JSON string.
     *
     * @param escaped where the text stands
     * @param offset its first byte
     * @param length how many bytes
     * @return 6 or 0
     */
    public static int openSurrogateLength(byte[] escaped, int offset, int length) {
        return EscapeValidator.openSurrogateLength(escaped, offset, offset + length);
    }

    /**
     * Restores a text from the bytes of {@link #copyTo}, for example on another node.
     *
     * @param escaped the bytes; are copied
     * @param utf8Length the {@link #utf8Length()} of that text, in bytes
     * @return an equal text
     */
    public static EscapedText restored(byte[] escaped, int utf8Length) {
        return new EscapedText(escaped.clone(), utf8Length);
    }

    /**
     * Joins pieces in their order.
     *
     * @param pieces any number
     * @return one text
     */
    public static EscapedText join(List<EscapedText> pieces) {
        int escapedTotal = 0;
        int utf8Total = 0;
        for (EscapedText piece : pieces) {
            escapedTotal += piece.escaped.length;
            utf8Total += piece.utf8Length;
        }
        byte[] joined = new byte[escapedTotal];
        int at = 0;
        for (EscapedText piece : pieces) {
            at = piece.copyTo(joined, at);
        }
        return new EscapedText(joined, utf8Total);
    }

    /**
     * The length of the text itself.
     *
     * @return bytes of UTF-8 before escaping
     */
    public int utf8Length() {
        return utf8Length;
    }

    /**
     * The length of the escaped form.
     *
     * @return bytes
     */
    public int escapedLength() {
        return escaped.length;
    }

    /**
     * Whether there is no text.
     *
     * @return {@code true} if both lengths are 0
     */
    public boolean isEmpty() {
        return escaped.length == 0;
    }

    /**
     * Copies the escaped bytes.
     *
     * @param target with room for {@link #escapedLength()} bytes from {@code at} on
     * @param at the index of the first
     * @return the index after the last
     */
    public int copyTo(byte[] target, int at) {
        System.arraycopy(escaped, 0, target, at, escaped.length);
        return at + escaped.length;
    }

    /**
     * The escaped form as a string. Costs a decoding.
     *
     * @return what may stand between the quotes of a JSON string
     */
    public String escapedString() {
        return new String(escaped, StandardCharsets.UTF_8);
    }

    /**
     * The text as a string of JSON, with its quotes.
     *
     * @return one line
     */
    public String json() {
        return '"' + escapedString() + '"';
    }

    /** The text, unescaped. Costs a decoding: for consumers and tests, not for the way to the client. */
    @Override
    public String toString() {
        return new String(JsonEscape.unescape(escaped, utf8Length), StandardCharsets.UTF_8);
    }

    /** Whether the escaped bytes are the same. Two writers may escape the same text in different ways. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EscapedText that && Arrays.equals(escaped, that.escaped);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(escaped);
    }
}
