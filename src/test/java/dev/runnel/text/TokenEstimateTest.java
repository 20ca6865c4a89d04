package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimateTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "4, 1", "5, 2", "8, 2", "9223372036854775807, 2305843009213693952"})
    void fourBytesAreAToken(long bytes, long tokens) {
        assertThat(TokenEstimate.ofBytes(bytes)).isEqualTo(tokens);
    }
}
