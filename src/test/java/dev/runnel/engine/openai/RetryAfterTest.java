package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("1994-11-06T08:49:17Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "20, 20",
        "' 20 ', 20",
        "19.5, 20",
        "19.0, 19",
        "0.001, 1",
        "020, 20",
        "7200, 3600",
        "99999999999999999999, 3600"
    })
    void numberIsSecondsRoundedUp(String value, int seconds) {
        assertThat(RetryAfter.seconds(value, null, NOW)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", " Sun, 06 Nov 1994 08:49:37 GMT ", "Sun Nov  6 08:49:37 1994"})
    void dateCountsInItsForms(String value) {
        assertThat(RetryAfter.seconds(value, null, NOW)).isEqualTo(20);
    }

    @Test
    void obsoleteDateIsOfThisCentury() {
        Instant now = Instant.parse("2026-11-06T08:49:17Z");

        assertThat(RetryAfter.seconds("Friday, 06-Nov-26 08:49:37 GMT", null, now))
                .isEqualTo(20);
    }

    @Test
    void dateIsComparedWithTheClockOfTheUpstream() {
        assertThat(RetryAfter.seconds(
                        "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT", NOW.plusSeconds(900)))
                .isEqualTo(7);
    }

    @Test
    void pastDateIsNow() {
        assertThat(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT", null, NOW.plusSeconds(60)))
                .isZero();
    }

    @Test
    void farDateIsTheLongestTime() {
        assertThat(RetryAfter.seconds("Mon, 06 Nov 1995 08:49:37 GMT", null, NOW))
                .isEqualTo(3600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-1", "soon", "1e3", "20s", "1,5", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT"})
    void anythingElseIsNoTime(String value) {
        assertThat(RetryAfter.seconds(value, null, NOW)).isZero();
    }

    @Test
    void missingHeaderIsNoTime() {
        assertThat(RetryAfter.seconds(null, null, NOW)).isZero();
    }
}
