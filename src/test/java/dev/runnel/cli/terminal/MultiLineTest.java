package dev.runnel.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiLineTest {

    @ParameterizedTest
    @CsvSource({
        "one line, true",
        "'goes on\\', false",
        "'goes on\\\nto here', true",
        "'\"\"\"', false",
        "'\"\"\"a\n', false",
        "'\"\"\"a\nb\"\"\"', true",
        "'\"\"\"a\"\"\"', true"
    })
    void textIsCompleteWithoutABackslashAtItsEndOrWithItsClosingQuotes(String text, boolean isComplete) {
        assertThat(MultiLine.isComplete(text)).isEqualTo(isComplete);
    }

    @ParameterizedTest
    @CsvSource({
        "one line, one line",
        "'a\\\nb', 'a\nb'",
        "'\"\"\"\na\nb\n\"\"\"', 'a\nb'",
        "'\"\"\"never closed', 'never closed'"
    })
    void marksAreNotPartOfTheText(String entered, String text) {
        assertThat(MultiLine.textOf(entered)).isEqualTo(text);
    }
}
