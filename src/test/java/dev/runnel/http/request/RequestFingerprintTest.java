package dev.runnel.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.TestConfig;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequestFingerprintTest {

    private final RequestParser parser = new RequestParser(TestConfig.of("").generation());

    private String fingerprint(String fields) {
        return RequestFingerprint.of(parser.parse(Buffer.buffer("{\"prompt\":\"x\"" + fields + "}")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ,"maxTokens":20 | ,"maxTokens":2.0e1
            ,"temperature":0.5 | ,"temperature":5e-1
            ,"presencePenalty":0 | ,"presencePenalty":-0.0
            ,"seed":4294967294 | ,"seed":4294967294.0
            ,"topP":1,"topK":2 | ,"topK":2,"topP":1
            ,"includeText":false | ,"includeText":true
            ,"stop":["a","b"] | ,"stop":["a","\\u0062"]
            ,"model":null | ,"stop":null
            """)
    void equalValuesHaveTheSameName(String one, String other) {
        assertThat(fingerprint(one)).isEqualTo(fingerprint(other));
    }

    @Test
    void equalSchemasHaveTheSameName() {
        assertThat(fingerprint(",\"responseFormat\":{\"type\":\"json\",\"schema\":{\"a\":[1,{}],\"b\":\"é\"}}"))
                .isEqualTo(fingerprint(
                        ",\"responseFormat\":{\"schema\":{\"b\":\"\\u00e9\",\"a\":[1.0, {} ]},\"type\":\"json\"}"));
    }

    /** Two values of each field, as the whole body. A new field has no sample, so its test fails. */
    private static final Map<RequestField, List<String>> SAMPLES = Map.ofEntries(
            sample(RequestField.PROMPT, "{\"prompt\":\"y\"}", "{\"prompt\":\"z\"}"),
            sample(RequestField.MESSAGES, conversation("user", "y"), conversation("assistant", "y")),
            sample(RequestField.MAX_TOKENS, "256", "255"),
            sample(RequestField.TEMPERATURE, "0", "0.1"),
            sample(RequestField.TOP_P, "1", "0.9"),
            sample(RequestField.TOP_K, "0", "1"),
            sample(RequestField.STOP, "[\"x\"]", "[\"y\"]"),
            sample(RequestField.SEED, "0", "1"),
            sample(RequestField.PRESENCE_PENALTY, "0", "1"),
            sample(RequestField.FREQUENCY_PENALTY, "0", "1"),
            sample(RequestField.RESPONSE_FORMAT, "{\"type\":\"json\"}", "{\"type\":\"json\",\"schema\":{}}"),
            sample(RequestField.THINKING, "true", "false"),
            sample(RequestField.MODEL, "\"x\"", "\"y\""),
            sample(RequestField.INCLUDE_TEXT, "true", "false"));

    private static Map.Entry<RequestField, List<String>> sample(RequestField field, String one, String other) {
        return Map.entry(field, List.of(one, other));
    }

    private static String conversation(String role, String content) {
        return "{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"" + content
                + "\"},{\"role\":\"user\",\"content\":\"x\"}]}";
    }

    private String whole(String body) {
        return RequestFingerprint.of(parser.parse(Buffer.buffer(body)));
    }

    @ParameterizedTest
    @EnumSource
    void eachFieldButIncludeTextIsAPartOfTheName(RequestField field) {
        assertThat(SAMPLES).as("samples").containsKey(field);

        Set<String> names = new HashSet<>();
        names.add(fingerprint(""));
        for (String value : SAMPLES.get(field)) {
            names.add(
                    value.contains("{\"prompt\"") || value.contains("{\"messages\"")
                            ? whole(value)
                            : fingerprint(",\"" + field.wireName() + "\":" + value));
        }

        assertThat(names).hasSize(field == RequestField.INCLUDE_TEXT ? 1 : 3);
    }

    @Test
    void promptIsAConversationOfOneTurn() {
        assertThat(whole("{\"messages\":[{\"content\":\"x\",\"role\":\"user\"}]}"))
                .isEqualTo(fingerprint(""));
    }

    @Test
    void placesOfTheTurnsAreAPartOfTheName() {
        assertThat(whole(conversation("user", "yx"))).isNotEqualTo(whole(conversation("user", "y")));
        assertThat(whole(conversation("system", "y"))).isNotEqualTo(whole(conversation("user", "y")));
        assertThat(whole("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":[\"user\",\"x\"]}"))
                .isNotEqualTo(whole("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
                        + "{\"role\":\"user\",\"content\":\"x\"}]}"));
    }

    @Test
    void valueOfOneFieldIsNotTheValueOfAnother() {
        assertThat(fingerprint(",\"responseFormat\":{\"type\":\"json\",\"schema\":{\"a\":[1,2]}}"))
                .isNotEqualTo(fingerprint(",\"responseFormat\":{\"type\":\"json\",\"schema\":{\"a\":[2,1]}}"));
        assertThat(fingerprint(",\"presencePenalty\":1")).isNotEqualTo(fingerprint(",\"frequencyPenalty\":1"));
        assertThat(fingerprint(",\"stop\":[\"a\",\"b\"]")).isNotEqualTo(fingerprint(",\"stop\":[\"ab\"]"));
        assertThat(fingerprint(",\"stop\":[\"a\"],\"model\":\"b\""))
                .isNotEqualTo(fingerprint(",\"stop\":[\"a\",\"b\"]"));
    }
}
