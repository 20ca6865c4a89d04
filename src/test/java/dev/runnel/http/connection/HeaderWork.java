package dev.runnel.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Values of headers that were slow to parse, or look like such ones, and the work that they cause. For the tests of
 * every parser of client input. {@code Origin} is only compared as a whole, so it has no parser.
 */
public final class HeaderWork {

    /** For {@code MethodSource}. */
    public static final String ODD_VALUES = "dev.runnel.http.connection.HeaderWork#oddValues";

    private static final int MAX_READS_OF_A_CHARACTER = 4;

    private HeaderWork() {}

    public static Stream<String> oddValues() {
        return Stream.of(
                        "application/json",
                        "application/json" + " ".repeat(14_000) + "x",
                        "application/json" + ";a=b".repeat(3_700),
                        "application/json" + "; ".repeat(7_000) + "x",
                        "application/json;charset" + " ".repeat(7_000) + "=" + " ".repeat(7_000),
                        "gzip" + ";".repeat(15_500),
                        "gzip" + ";q=0".repeat(3_800),
                        "br,".repeat(5_000),
                        "*;q=0." + "0".repeat(15_000) + "1",
                        "=,".repeat(7_700),
                        "a".repeat(15_000),
                        "1".repeat(15_000),
                        "*/*;q=\"" + "\\".repeat(14_000),
                        "Bearer" + " ".repeat(8_000) + "x" + " ".repeat(100) + "y",
                        "Bearer " + "x ".repeat(4_000),
                        "Bearer " + "x".repeat(8_000) + " y",
                        "aa." + "a".repeat(8_000) + "." + "-".repeat(8_000) + ".",
                        "aa.".repeat(5_000),
                        "gen_" + "0".repeat(15_000),
                        "gen_".repeat(4_000))
                .flatMap(value -> Stream.of(value, value.substring(0, Math.min(256, value.length()))));
    }

    /** The parser reads each character a few times at most. It may refuse the value with an exception. */
    public static void assertLinear(String value, Consumer<CharSequence> parser) {
        assertThat(read(value, parser)).isLessThanOrEqualTo(MAX_READS_OF_A_CHARACTER * value.length());
    }

    /** How many characters a parser reads. It may refuse the value with an exception. */
    public static int read(String value, Consumer<CharSequence> parser) {
        CountedText counted = new CountedText(value);
        try {
            parser.accept(counted);
        } catch (RuntimeException refused) {
            assertThat(refused).hasMessageNotContaining(value);
        }
        return counted.read();
    }
}
