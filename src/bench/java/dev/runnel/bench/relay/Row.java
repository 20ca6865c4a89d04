package dev.runnel.bench.relay;

/**
 * A line of the table.
 *
 * @param yardstick what nginx had, or what the comparison is with
 * @param compared a ratio or a difference, round by round
 */
public record Row(String figure, String yardstick, String runnel, String compared) {

    static final String NONE = "–";

    /** The table's head. */
    public static final String HEAD = """
            | figure | nginx, passing bytes | Runnel | Runnel beside nginx |
            |---|---|---|---|""";

    /** In Markdown. */
    public String markdown() {
        return "| " + figure + " | " + yardstick + " | " + runnel + " | " + compared + " |";
    }
}
