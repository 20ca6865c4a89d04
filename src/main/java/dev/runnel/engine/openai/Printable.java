package dev.runnel.engine.openai;

/** Words of an upstream, as they may stand in a line for operators. */
final class Printable {

    private static final int LONGEST = 64;

    private Printable() {}

    /** The word if it is a short name of the letters, digits and signs {@code _.-[]}; else a substitute for it. */
    static String word(String word) {
        return isWord(word) ? word : "(not a name)";
    }

    static boolean isWord(String word) {
        return !word.isEmpty() && word.length() <= LONGEST && word.chars().allMatch(Printable::mayStand);
    }

    private static boolean mayStand(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '-'
                || c == '['
                || c == ']';
    }
}
