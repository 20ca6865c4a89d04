package dev.runnel.text;

/** Finds halves of surrogate pairs, which no UTF-8 can carry (Unicode 16, section 3.9, D92). */
public final class Surrogates {

    private Surrogates() {}

    /** Whether {@code text} holds a surrogate without its other half. */
    public static boolean hasUnpaired(String text) {
        return text.codePoints().anyMatch(codePoint -> Character.getType(codePoint) == Character.SURROGATE);
    }
}
