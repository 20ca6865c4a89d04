package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.runnel.text.GenerationException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void membersAreTheTextsThatWereSent() {
        String json = "{ \"a\" : 1.50 ,\"b\":\"ü\\u00fc\",\n\"c\": [ 1, {\"x\" :{} } ],\"d\":true,\"e\":-1e9}";

        assertThat(Options.read(json).members())
                .containsOnly(
                        entry("a", "1.50"),
                        entry("b", "\"ü\\u00fc\""),
                        entry("c", "[ 1, {\"x\" :{} } ]"),
                        entry("d", "true"),
                        entry("e", "-1e9"));
    }

    @Test
    void nullIsTheSameAsAbsent() {
        assertThat(Options.read("{\"a\":null}").members()).isEmpty();
        assertThat(Options.read("").members()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "{\"b\":{\"a\":1,\"a\":2}}", " "})
    void whatIsNotOneObjectIsRefusedWithoutRepeatingIt(String json) {
        assertThatThrownBy(() -> Options.read(json)).isInstanceOfSatisfying(GenerationException.class, refusal -> {
            assertThat(refusal.failure().param()).isEqualTo("options");
            assertThat(refusal.failure().message())
                    .isEqualTo("options: not JSON, or not an object, or with a duplicate member"
                            + " (expected: one object)");
        });
    }

    @Test
    void promptIsRawOnlyIfTheMemberIsTrue() {
        assertThat(Options.read("{\"raw_prompt\": true}").isRawPrompt()).isTrue();
        assertThat(Options.read("{\"raw_prompt\":false}").isRawPrompt()).isFalse();
        assertThat(Options.read("{\"raw_prompt\":null}").isRawPrompt()).isFalse();
        assertThat(Options.read("").isRawPrompt()).isFalse();
    }

    @Test
    void formatIsReadFromTheOptions() {
        assertThat(format("{\"type\":\"json_object\"}")).hasValue(new ResponseFormat("json_object", ""));
        assertThat(format(
                        "{\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\": \"null\"}},\"type\":\"json_schema\"}"))
                .hasValue(new ResponseFormat("json_schema", "{\"type\": \"null\"}"));
        assertThat(format("{\"type\":\"text\"}")).isEmpty();
        assertThat(format("null")).isEmpty();
        assertThat(ResponseFormat.of(new Options(Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|responseFormat.type",
                "{\"type\":\"xml\"}|responseFormat.type",
                "{\"type\":\"json_schema\"}|responseFormat.schema",
                "{\"type\":\"json_schema\",\"json_schema\":{}}|responseFormat.schema"
            })
    void anotherFormatIsRefused(String format, String named) {
        assertThatThrownBy(() -> format(format)).isInstanceOfSatisfying(GenerationException.class, refusal -> {
            assertThat(refusal.failure().param()).isEqualTo("responseFormat");
            assertThat(refusal.failure().message()).startsWith(named + ": ");
        });
    }

    private static Optional<ResponseFormat> format(String json) {
        return ResponseFormat.of(Options.read("{\"response_format\":" + json + "}"));
    }
}
