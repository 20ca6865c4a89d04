package dev.runnel.text;

/** A value from outside, as a message repeats it. */
public final class Quote {

    private static final int MAX_CODE_POINTS = 64;

    private Quote() {}

    /**
     * The start of a text.
     *
     * @param text of any length
     * @return at most 64 code points, with an ellipsis where more were cut
     */
    public static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= MAX_CODE_POINTS) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, MAX_CODE_POINTS)) + "…";
    }
}
