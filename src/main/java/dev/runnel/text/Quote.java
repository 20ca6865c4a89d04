package dev.runnel.text;

/** A value from outside, as a message repeats it. */
public final class Quote {

    private static final int MOST_CODE_POINTS = 64;

    private Quote() {}

    /**
     * The start of a text.
     *
     * @param text of any length
     * @return at most 64 code points, with an ellipsis where more were cut
     */
    public static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= MOST_CODE_POINTS) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, MOST_CODE_POINTS)) + "…";
    }
}
