package dev.runnel.cli.terminal;

/** Texts of several lines: each line but the last ends with a backslash, or the text is within {@code """}. */
final class MultiLine {

    private static final String QUOTES = "\"\"\"";
    private static final String CONTINUED = "\\";

    private MultiLine() {}

    /** Whether the text needs no further line. */
    static boolean isComplete(String text) {
        if (text.stripLeading().startsWith(QUOTES)) {
            String inside = text.strip().substring(QUOTES.length());
            return inside.endsWith(QUOTES);
        }
        return !text.endsWith(CONTINUED);
    }

    /** The text alone. */
    static String textOf(String entered) {
        String stripped = entered.strip();
        if (stripped.startsWith(QUOTES)) {
            String inside = stripped.substring(QUOTES.length());
            return inside.endsWith(QUOTES)
                    ? inside.substring(0, inside.length() - QUOTES.length()).strip()
                    : inside.strip();
        }
        return entered.replace(CONTINUED + "\n", "\n");
    }
}
