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
        // A plain loop: a prompt may have megabytes, and an event loop calls this.
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    static boolean isPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
