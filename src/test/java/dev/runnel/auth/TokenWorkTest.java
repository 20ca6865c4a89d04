package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.connection.HeaderWork;
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

    @ParameterizedTest
    @MethodSource(HeaderWork.ODD_VALUES)
    void valueOverTheLimitIsNotParsed(String value) {
        int read = HeaderWork.read(value, Token::bearer);

        if (value.length() > Token.MAX_CHARS) {
            assertThat(read).isEqualTo(1);
        }
    }
}
