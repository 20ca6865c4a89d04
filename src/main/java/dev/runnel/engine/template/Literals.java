package dev.runnel.engine.template;

/** Reads the escapes of a string literal, as Python's {@code unicode-escape} does. */
final class Literals {

    private static final int OCTAL_DIGITS = 3;

    private final String body;
    private final StringBuilder result = new StringBuilder();
    private int at;

    private Literals(String body) {
        this.body = body;
    }

    /**
     * The string of a literal.
     *
     * @param body what stands between its quotes
     * @param line for the message of an error
     */
    static String unescaped(String body, int line) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        Literals reader = new Literals(body);
        while (reader.at < body.length()) {
            reader.next(line);
        }
        return reader.result.toString();
    }

    private void next(int line) {
        char c = body.charAt(at++);
        if (c != '\\' || at == body.length()) {
            result.append(c);
            return;
        }
        char escaped = body.charAt(at++);
        switch (escaped) {
            case '\n' -> {}
            case '\\', '\'', '"' -> result.append(escaped);
            case 'n' -> result.append('\n');
            case 't' -> result.append('\t');
            case 'r' -> result.append('\r');
            case 'a' -> result.append('\u0007');
            case 'b' -> result.append('\b');
            case 'f' -> result.append('\f');
            case 'v' -> result.append('\u000B');
            case 'x' -> codePoint(2, line);
            case 'u' -> codePoint(4, line);
            case 'U' -> codePoint(8, line);
            default -> other(escaped);
        }
    }

    private void other(char escaped) {
        if (escaped < '0' || escaped > '7') {
            result.append('\\').append(escaped);
            return;
        }
        int value = 0;
        int end = Math.min(body.length(), at - 1 + OCTAL_DIGITS);
        at--;
        while (at < end && body.charAt(at) >= '0' && body.charAt(at) <= '7') {
            value = 8 * value + body.charAt(at++) - '0';
        }
        result.append((char) value);
    }

    private void codePoint(int digits, int line) {
        int value = 0;
        int end = at + digits;
        while (at < end) {
            int digit = at < body.length() ? Character.digit(body.charAt(at), 16) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw TemplateException.syntax(line, "a string with an incomplete escape");
            }
            value = 16 * value + digit;
            at++;
        }
        if (!Character.isValidCodePoint(value)) {
            throw TemplateException.syntax(line, "a string with an escape beyond U+10FFFF");
        }
        result.appendCodePoint(value);
    }
}
