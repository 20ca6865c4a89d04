package dev.runnel.http.request;

import dev.runnel.http.connection.HeaderCursor;
import java.util.Optional;

/** Which media types of a body are accepted (RFC 9110, section 8.3). */
public final class ContentType {

    private ContentType() {}

    /**
     * Whether a body is JSON in UTF-8: {@code application/json}, with any parameters, and with {@code charset=utf-8} or
     * without a charset.
     *
     * @param header the value of {@code Content-Type}; one of more than 256 characters is not accepted, unread
     */
    public static boolean isJson(CharSequence header) {
        if (header.length() > HeaderCursor.MAX_CHARACTERS) {
            return false;
        }
        HeaderCursor cursor = new HeaderCursor(header);
        boolean isJson = cursor.word(";").equals("application/json");
        while (isJson && cursor.accept(';')) {
            isJson = isParameter(cursor);
        }
        return isJson && cursor.isAtEnd();
    }

    /** Reads one parameter. RFC 9110, section 5.6.6, allows empty ones. */
    private static boolean isParameter(HeaderCursor cursor) {
        String name = cursor.word(";=");
        if (!cursor.accept('=')) {
            return name.isEmpty();
        }
        Optional<String> quoted = cursor.quoted();
        String token = cursor.word(";");
        boolean isValue = quoted.isPresent() ? token.isEmpty() : token.indexOf('"') < 0;
        return isValue
                && switch (name) {
                    case "" -> false;
                    case "charset" -> quoted.orElse(token).equals("utf-8");
                    default -> name.indexOf(' ') < 0;
                };
    }
}
