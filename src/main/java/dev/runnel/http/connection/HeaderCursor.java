package dev.runnel.http.connection;

import java.util.Locale;

/**
 * Reads the value of a client's header from left to right. Each character is read at most three times, so that the work
 * is linear for any value. Callers limit its length.
 */
public final class HeaderCursor {

    /** Longer values of the headers that are parsed with this class are refused or ignored, unread. */
    public static final int MAX_CHARACTERS = 256;

    private final CharSequence text;
    private int next;

    public HeaderCursor(CharSequence text) {
        this.text = text;
    }

    /** Whether everything is read. */
    public boolean isAtEnd() {
        return next == text.length();
    }

    /** Reads one character if it is the next one. */
    public boolean accept(char expected) {
        boolean accepted = !isAtEnd() && text.charAt(next) == expected;
        if (accepted) {
            next++;
        }
        return accepted;
    }

    /**
     * Reads up to one of the delimiters, which stays unread, or to the end.
     *
     * @return what was read, in lower case and without the white space around it; may be empty
     */
    public String word(String delimiters) {
        int start = -1;
        int end = next;
        while (!isAtEnd() && delimiters.indexOf(text.charAt(next)) < 0) {
            char read = text.charAt(next);
            next++;
            if (read != ' ' && read != '\t') {
                start = start < 0 ? next - 1 : start;
                end = next;
            }
        }
        return start < 0 ? "" : text.subSequence(start, end).toString().toLowerCase(Locale.ROOT);
    }
}
