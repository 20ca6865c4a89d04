package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.message.Submit;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine's refusal of a demand to think, or not to. */
@ExtendWith(PlayedService.class)
class ThinkingRefusalTest {

    private static final String REFUSAL = "thinking: true is not supported";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    ThinkingRefusalTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions | {\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"thinking\":true}"
                        + " | unsupported_value",
                "/v1/generate | {\"prompt\":\"hi\",\"thinking\":true} |",
            })
    void refusalNamesTheMember(String route, String body, String code) throws Exception {
        wire.post(route, service.key(), body);
        Submit submit = generator.refuse(Failure.invalid("thinking", REFUSAL));

        Answer answer = wire.answer();

        assertThat(submit.options()).isEqualTo("{\"thinking\":true}");
        assertThat(answer.status()).isEqualTo(400);
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.get("param").asText()).isEqualTo("thinking");
        assertThat(error.get("message").asText()).isEqualTo(REFUSAL);
        assertThat(error.path("code").asText(null)).isEqualTo(code);
    }
}
