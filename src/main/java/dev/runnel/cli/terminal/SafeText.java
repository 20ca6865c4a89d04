package dev.runnel.cli.terminal;

/**
 * Text of others, such that a terminal only shows it. A model or a service can write any character. Its text could move
 * the cursor, change the title, set the clipboard, or reorder what is read.
 */
public final class SafeText {

    private static final int CONTROL_PICTURES = 0x2400;
    private static final int PICTURE_OF_DELETE = 0x2421;
    private static final int REPLACEMENT = 0xFFFD;
    private static final int DELETE = 0x7F;
    private static final int LAST_OF_C1 = 0x9F;

    private SafeText() {}

    /**
     * The text with line feeds and tabs, and without any other control. U+0000 … U+001F and U+007F become their
     * pictures, such as ␛. C1 controls, marks that change the direction of text, and lone surrogates become U+FFFD. A
     * carriage return is left out.
     */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().filter(point -> point != '\r').forEach(point -> safe.appendCodePoint(shown(point)));
        return safe.toString();
    }

    /** As {@link #of}, on one line. */
    public static String line(String text) {
        return of(text).replace('\n', ' ');
    }

    private static int shown(int point) {
        if (point == '\n' || point == '\t') {
            return point;
        }
        if (point < ' ') {
            return CONTROL_PICTURES + point;
        }
        if (point == DELETE) {
            return PICTURE_OF_DELETE;
        }
        return isC1(point) || isDirection(point) || isSurrogate(point) ? REPLACEMENT : point;
    }

    private static boolean isC1(int point) {
        return point > DELETE && point <= LAST_OF_C1;
    }

    /** Embeddings, overrides, isolates and marks of direction, and the separators of lines and paragraphs. */
    private static boolean isDirection(int point) {
        return (point >= 0x2028 && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069)
                || point == 0x200E
                || point == 0x200F
                || point == 0x061C;
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
