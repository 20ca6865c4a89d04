package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuoteTest {

    @Test
    void textOf64CodePointsIsWhole() {
        assertThat(Quote.cut("😀".repeat(64))).isEqualTo("😀".repeat(64));
    }

    @Test
    void longerTextIsCutBetweenCodePoints() {
        assertThat(Quote.cut("😀".repeat(65))).isEqualTo("😀".repeat(64) + "…");
    }
}
