package dev.runnel.http.connection;

import java.util.Locale;
import java.util.Optional;

/**
 * Reads the value of a client's header from left to right and never goes back, except once in an open quoted string. So
 * the work is linear for any value. Callers limit its length.
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
        while (!isAtEnd()) {
            char read = text.charAt(next);
            if (delimiters.indexOf(read) >= 0) {
                break;
            }
            next++;
            if (read != ' ' && read != '\t') {
                start = start < 0 ? next - 1 : start;
                end = next;
            }
        }
        return start < 0 ? "" : text.subSequence(start, end).toString().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a quoted string (RFC 9110, section 5.6.4) with the white space before it, if it is next.
     *
     * @return what the quotes contain, in lower case; empty if no quoted string follows or its end is missing, and then
     *     only white space is read
     */
    public Optional<String> quoted() {
        while (accept(' ') || accept('\t')) {
            // Only skipped.
        }
        int start = next;
        if (!accept('"')) {
            return Optional.empty();
        }
        StringBuilder content = new StringBuilder();
        while (!accept('"')) {
            accept('\\');
            if (isAtEnd()) {
                next = start;
                return Optional.empty();
            }
            content.append(text.charAt(next));
            next++;
        }
        return Optional.of(content.toString().toLowerCase(Locale.ROOT));
    }
}
