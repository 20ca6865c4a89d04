package dev.runnel.text;

/** Finds halves of surrogate pairs, which UTF-8 cannot express (Unicode 16, section 3.9, D92). */
public final class Surrogates {

    private Surrogates() {}

    /**
     * Whether a text has a surrogate without its other half.
     *
     * @param text any
     * @return {@code true} if UTF-8 cannot express the text
     */
    public static boolean hasUnpaired(String text) {
        return text.codePoints().anyMatch(codePoint -> Character.getType(codePoint) == Character.SURROGATE);
    }
}
