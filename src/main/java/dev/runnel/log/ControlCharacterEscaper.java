package dev.runnel.log;

import java.util.HexFormat;

/**
 * Makes every character of a text visible. Line ends, control characters and format characters (escape sequences,
 * reversed writing) are written as Java escapes. So no client can forge a log line or control a terminal with what it
 * sends.
 */
final class ControlCharacterEscaper {

    private static final HexFormat HEX = HexFormat.of();

    /** The first character after the printable ones of ASCII. */
    private static final char DELETE = 0x7F;

    private ControlCharacterEscaper() {}

    /** Appends at most {@code most} characters of {@code text}, and {@code …} when it has more. */
    static void append(StringBuilder line, String text, int most) {
        int end = Math.min(most, text.length());
        int plain = plainLength(text, end);
        line.append(text, 0, plain);
        for (int i = plain; i < end; ) {
            int character = text.codePointAt(i);
            append(line, character);
            i += Character.charCount(character);
        }
        if (end < text.length()) {
            line.append('…');
        }
    }

    /** How many characters at the start are printable ASCII, as most texts are throughout. */
    private static int plainLength(String text, int most) {
        int length = 0;
        while (length < most && text.charAt(length) >= ' ' && text.charAt(length) < DELETE) {
            length++;
        }
        return length;
    }

    private static void append(StringBuilder line, int character) {
        switch (character) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isVisible(character)) {
                    line.appendCodePoint(character);
                } else {
                    escape(line, character);
                }
            }
        }
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static void escape(StringBuilder line, int character) {
        for (char unit : Character.toChars(character)) {
            line.append("\\u").append(HEX.toHexDigits(unit));
        }
    }
}
