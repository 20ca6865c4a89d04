package dev.runnel.http.connection;

import java.util.Locale;

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
    static boolean allows(String header, String coding) {
        boolean anything = false;
        for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] words = part.split(";", -1);
            String name = words[0].strip();
            if (name.equals(coding)) {
                return isWanted(words);
            }
            anything |= name.equals(ANY) && isWanted(words);
        }
        return anything;
    }

    private static boolean isWanted(String[] words) {
        for (String word : words) {
            if (word.strip().matches("q\\s*=\\s*0(\\.0*)?")) {
                return false;
            }
        }
        return true;
    }
}
