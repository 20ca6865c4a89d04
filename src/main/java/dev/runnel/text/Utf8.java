package dev.runnel.text;

/** Counts what UTF-8 needs, without a copy. */
public final class Utf8 {

    private Utf8() {}

    /**
     * The length of a text in UTF-8.
     *
     * @param text without lone surrogates
     * @return bytes
     */
    public static long length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** The same for any text; -1 if it has a surrogate without its other half, so that UTF-8 cannot express it. */
    static long lengthOfWhole(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            } else if (Surrogates.isPair(text, i)) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }
}
