package dev.runnel.engine.template;

/** Classes of characters, as Python has them. */
final class Chars {

    private Chars() {}

    /** White space of {@code str.isspace}; all of it is in the Basic Multilingual Plane. */
    static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r')
                || (c >= 0x1C && c <= ' ')
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** The end of a line of {@code str.splitlines}. */
    static boolean endsLine(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static boolean startsName(char c) {
        return c == '_' || Character.isLetter(c);
    }

    static boolean continuesName(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The index after the white space that starts at {@code from}. */
    static int afterSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The index at which the white space before {@code to} starts. */
    static int beforeSpaces(String text, int to) {
        int at = to;
        while (at > 0 && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }
}
