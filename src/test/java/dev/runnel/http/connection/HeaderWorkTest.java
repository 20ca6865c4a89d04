package dev.runnel.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.request.ContentType;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The work that a client's header causes, in characters that are read. */
class HeaderWorkTest {

    private static final int MOST_READS_OF_A_CHARACTER = 4;

    static Stream<String> oddValues() {
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
                        "a".repeat(15_000))
                .flatMap(value -> Stream.of(value, value.substring(0, Math.min(256, value.length()))));
    }

    private static void assertThatWorkIsLinear(String value, Consumer<CharSequence> parser) {
        CountedText counted = new CountedText(value);

        parser.accept(counted);

        assertThat(counted.read()).isLessThanOrEqualTo(MOST_READS_OF_A_CHARACTER * value.length());
    }

    @ParameterizedTest
    @MethodSource("oddValues")
    void workIsLinearInTheLengthOfTheValue(String value) {
        assertThatWorkIsLinear(value, ContentType::isJson);
        assertThatWorkIsLinear(value, header -> AcceptEncoding.allows(header, "br"));
        assertThatWorkIsLinear(value, RequestId::isAllowed);
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 14_000})
    void longContentTypeIsRefusedUnread(int length) {
        CountedText counted = new CountedText("application/json;" + " ".repeat(length - 17));

        assertThat(ContentType.isJson(counted)).isFalse();

        assertThat(counted.read()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, br;q=0.5", "*", "BR ; Q=1", "br;q=0.01", "gzip;q=0, *"})
    void codingThatIsNamedOrCoveredIsAllowed(String header) {
        assertThat(AcceptEncoding.allows(header, "br")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "gzip", "br;q=0", "br ; q = 0.000", "br;q=0.", "*;q=0", "br;q=0, *", "br;;q=0", "brotli"})
    void codingThatIsRefusedOrNotNamedIsNotAllowed(String header) {
        assertThat(AcceptEncoding.allows(header, "br")).isFalse();
    }
}
