package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.connection.HeaderWork;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The work before a signature is verified. */
class TokenWorkTest {

    @ParameterizedTest
    @MethodSource(HeaderWork.ODD_VALUES)
    void workIsLinearInTheLengthOfTheValue(String value) {
        HeaderWork.assertLinear(value, Token::bearer);
        HeaderWork.assertLinear(value, Token::segments);
    }

    static Stream<String> valuesOverTheLimit() {
        return HeaderWork.oddValues().filter(value -> value.length() > Token.MAX_CHARS);
    }

    @ParameterizedTest
    @MethodSource("valuesOverTheLimit")
    void valueOverTheLimitIsNotParsed(String value) {
        assertThat(HeaderWork.read(value, Token::bearer)).isEqualTo(1);
    }
}
