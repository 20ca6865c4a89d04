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

/** An engine's refusal of a member, in the form of the route. */
@ExtendWith(PlayedService.class)
class EngineRefusalTest {

    private static final String STREAM = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}";
    private static final String NO_THINKING = "thinking: true is not supported";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    EngineRefusalTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "responseFormat: 'response_format' of type 'json_schema' is not supported with this model"
                        + " | 'response_format' of type 'json_schema' is not supported with this model"
                        + " | unsupported_value",
                "responseFormat.schema.properties.x.not: unknown keyword"
                        + " | response_format.json_schema.schema.properties.x.not: unknown keyword | null",
                "responseFormat.type: missing | response_format.type: missing | null"
            })
    void refusalOfAFormatNamesTheMemberOfAChat(String ofEngine, String message, String code) throws Exception {
        wire.post("/v1/chat/completions", service.key(), STREAM);
        generator.refuse(Failure.invalid("responseFormat", ofEngine));

        Answer answer = wire.answer();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.get("param").asText()).isEqualTo("response_format");
        assertThat(error.get("message").asText()).isEqualTo(message);
        assertThat(error.get("code").asText()).isEqualTo(code);
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
    void refusalOfThinkingNamesTheMember(String route, String body, String code) throws Exception {
        wire.post(route, service.key(), body);
        Submit submit = generator.refuse(Failure.invalid("thinking", NO_THINKING));

        Answer answer = wire.answer();

        assertThat(submit.options()).isEqualTo("{\"thinking\":true}");
        assertThat(answer.status()).isEqualTo(400);
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.get("param").asText()).isEqualTo("thinking");
        assertThat(error.get("message").asText()).isEqualTo(NO_THINKING);
        assertThat(error.path("code").asText(null)).isEqualTo(code);
    }
}
