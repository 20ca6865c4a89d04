package dev.runnel.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.TestConfig;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"maxTokens\":256",
                ",\"temperature\":0",
                ",\"topP\":1",
                ",\"topK\":1",
                ",\"seed\":1",
                ",\"presencePenalty\":1",
                ",\"frequencyPenalty\":1",
                ",\"model\":\"x\"",
                ",\"stop\":[\"x\"]"
            })
    void fieldThatWasSentIsNotTheSameAsAnAbsentOne(String field) {
        assertThat(fingerprint(field)).isNotEqualTo(fingerprint(""));
    }

    @Test
    void valueOfOneFieldIsNotTheValueOfAnother() {
        assertThat(fingerprint(",\"presencePenalty\":1")).isNotEqualTo(fingerprint(",\"frequencyPenalty\":1"));
        assertThat(fingerprint(",\"stop\":[\"a\",\"b\"]")).isNotEqualTo(fingerprint(",\"stop\":[\"ab\"]"));
        assertThat(fingerprint(",\"stop\":[\"a\"],\"model\":\"b\""))
                .isNotEqualTo(fingerprint(",\"stop\":[\"a\",\"b\"]"));
    }
}
