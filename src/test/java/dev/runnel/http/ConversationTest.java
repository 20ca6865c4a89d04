package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code messages} do on both POST routes. */
@ExtendWith(PlayedService.class)
class ConversationTest {

    private static final String ONE_TURN = "\"messages\":[{\"role\":\"user\",\"content\":\"secret\"}]";

    private final TestService service;
    private final PlayedGenerator generator;

    ConversationTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
    }

    private HttpWire post(String path, String json) {
        return new HttpWire(service.port()).post(path, service.key(), json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generate", "/v1/generate/stream"})
    void generatorReceivesTheTurns(String path) throws Exception {
        HttpWire wire = post(path, """
                {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"1"},
                 {"role":"assistant","content":"2"},{"role":"user","content":"3"}],"maxTokens":5}
                """);
        try (wire) {
            Play play = generator.accept().say("4");
            play.finish();

            assertThat(wire.answer().body()).contains("\"text\":\"4\"");
            assertThat(play.submit().turns())
                    .containsExactly(
                            new Turn(Turn.Role.SYSTEM, "Be brief."),
                            Turn.user("1"),
                            new Turn(Turn.Role.ASSISTANT, "2"),
                            Turn.user("3"));
            assertThat(play.submit().maxTokens()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/generate        | messages | "messages":[{"role":"user","content":"secret"}]
            /v1/generate/stream | messages | "messages":[{"role":"user","content":"secret"}]
            /v1/generate        | prompt   | "prompt":"secret"
            """)
    void promptThatDoesNotFitIsRefusedByTheNameOfItsField(String path, String field, String member) throws Exception {
        try (HttpWire wire = post(path, "{" + member + "}")) {
            generator.refuse(Failure.invalid("prompt", "prompt: 3000 tokens (expected: at most 2047)"));

            Answer answer = wire.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("\"message\":\"" + field + ": 3000 tokens (expected: at most 2047)\"")
                    .contains("\"param\":\"" + field + "\"");
        }
    }

    @Test
    void fieldOfAnotherRefusalKeepsItsName() throws Exception {
        try (HttpWire wire = post("/v1/generate", "{" + ONE_TURN + "}")) {
            generator.refuse(Failure.invalid("maxTokens", "maxTokens: 256 (expected: at most 20)"));

            assertThat(wire.answer().body()).contains("\"param\":\"maxTokens\"");
        }
    }

    @Test
    void modelWithoutATemplateAcceptsAPromptAlone() throws Exception {
        try (HttpWire wire = post("/v1/generate", "{" + ONE_TURN + ",\"model\":\"other\"}")) {
            Answer answer = wire.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages: given for the"
                            + " model other, which has no chat template (expected: prompt)\",\"param\":\"messages\"}}");
        }
        try (HttpWire wire = post("/v1/generate", "{\"prompt\":\"x\",\"model\":\"other\"}")) {
            generator.accept().finish();

            assertThat(wire.answer().status()).isEqualTo(200);
        }
    }
}
