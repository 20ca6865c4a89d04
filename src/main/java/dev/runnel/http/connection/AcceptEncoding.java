package dev.runnel.http.connection;

/** Which content codings a client accepts (RFC 9110, section 12.5.3). */
final class AcceptEncoding {

    private static final String ANY = "*";

    private AcceptEncoding() {}

    /**
     * Whether the client accepts a coding: the header names it or {@code *}, with a quality other than 0.
     *
     * @param header the value of {@code Accept-Encoding}
     * @param coding in lower case
     */
    static boolean allows(CharSequence header, String coding) {
        HeaderCursor cursor = new HeaderCursor(header);
        boolean anything = false;
        do {
            String name = cursor.word(",;");
            boolean wanted = isWanted(cursor);
            if (name.equals(coding)) {
                return wanted;
            }
            anything |= name.equals(ANY) && wanted;
        } while (cursor.accept(','));
        return anything;
    }

    /** Reads the parameters of a coding. */
    private static boolean isWanted(HeaderCursor cursor) {
        boolean wanted = true;
        while (cursor.accept(';')) {
            String parameter = cursor.word("=,;");
            String value = cursor.accept('=') ? cursor.word(",;") : "";
            wanted &= !(parameter.equals("q") && isZero(value));
        }
        return wanted;
    }

    /** Whether a quality is {@code 0}, {@code 0.} or {@code 0.0…}. */
    private static boolean isZero(String quality) {
        if (!quality.startsWith("0") || (quality.length() > 1 && quality.charAt(1) != '.')) {
            return false;
        }
        for (int i = 2; i < quality.length(); i++) {
            if (quality.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
