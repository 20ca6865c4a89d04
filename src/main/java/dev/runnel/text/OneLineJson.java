package dev.runnel.text;

/** JSON of others on one line, as events need it. */
public final class OneLineJson {

    private OneLineJson() {}

    /**
     * The same value on one line. A line feed stands between two tokens only. The other characters, which some
     * line readers treat as the end of a line, stand in strings only.
     */
    public static String of(String json) {
        StringBuilder line = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            switch (c) {
                case '\n', '\r' -> line.append(' ');
                case '\u007f' -> line.append("\\u007f");
                case '\u0085' -> line.append("\\u0085");
                case '\u2028' -> line.append("\\u2028");
                case '\u2029' -> line.append("\\u2029");
                default -> line.append(c);
            }
        }
        return line.toString();
    }
}
