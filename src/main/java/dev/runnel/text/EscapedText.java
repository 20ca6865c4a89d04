package dev.runnel.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of text as it stands between the quotes of a JSON string, in UTF-8. Text is escaped once, where it enters the
 * service, and travels to every client as these bytes. Immutable; always whole code points.
 *
 * <p>Escaped are what RFC 8259 section 7 demands ({@code "}, {@code \} and U+0000 … U+001F), U+007F, and U+0085, U+2028
 * and U+2029, which some line readers take for the end of a line. What an upstream wrote may have further escapes.
 */
public final class EscapedText {

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
     * @throws IllegalArgumentException if the text holds a lone surrogate, which UTF-8 cannot express
     */
    public static EscapedText of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (Surrogates.hasUnpaired(text)) {
            throw new IllegalArgumentException("text with a lone surrogate (expected: whole code points)");
        }
        return ofUtf8(utf8, 0, utf8.length);
    }

    /** Escapes {@code length} bytes of well-formed UTF-8 that neither begin nor end inside a code point. */
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
     * Takes what another writer put between the quotes of a JSON string. Its escapes, whichever legal ones, pass through as
     * they are. What is not UTF-8 becomes U+FFFD, and so does half a surrogate pair: hold one back that may still be
     * completed, see {@link #openSurrogateLength}.
     *
     * @throws IllegalArgumentException where this is no inside of a JSON string: a quote or a control character that is not
     *     escaped, a broken escape
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

    /** Whether {@link #ofEscaped} takes these bytes unchanged. Costs one pass and no garbage. */
    public static boolean isClean(byte[] escaped, int offset, int length) {
        return EscapeValidator.cleanUtf8Length(escaped, offset, offset + length) >= 0;
    }

    /**
     * How many of the last bytes to hold back, 6 or 0: the first half of a surrogate pair in an escape of its own, whose
     * second half may come with what is written next. The bytes are the inside of a JSON string.
     */
    public static int openSurrogateLength(byte[] escaped, int offset, int length) {
        return EscapeValidator.openSurrogateLength(escaped, offset, offset + length);
    }

    /**
     * Takes bytes that {@link #copyTo} gave on another node.
     *
     * @param utf8Length what {@link #utf8Length()} said there, in bytes
     */
    public static EscapedText restored(byte[] escaped, int utf8Length) {
        return new EscapedText(escaped.clone(), utf8Length);
    }

    /** Joins pieces in their order. */
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

    /** The length of the text itself, in bytes of UTF-8 before escaping. */
    public int utf8Length() {
        return utf8Length;
    }

    /** The length of the escaped form, in bytes. */
    public int escapedLength() {
        return escaped.length;
    }

    public boolean isEmpty() {
        return escaped.length == 0;
    }

    /** Copies the escaped bytes to {@code target} and returns the index behind them. */
    public int copyTo(byte[] target, int at) {
        System.arraycopy(escaped, 0, target, at, escaped.length);
        return at + escaped.length;
    }

    /** The text, unescaped. Costs a decoding: for consumers and logs of events, not for the way to the client. */
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
