package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.http.openai.Golden;
import dev.runnel.message.Submit;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/completions}, byte by byte. In the files, a generation's id is {@code gen_1}. */
@ExtendWith(PlayedService.class)
class CompletionTest {

    private static final String PATH = "/v1/completions";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    CompletionTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    private Play start(String body) throws Exception {
        wire.post(PATH, service.key(), body);
        return generator.accept();
    }

    private String normalAnswer(Play play) {
        play.say("Once").say(" \"up\nö").finish(FinishReason.LENGTH, new Usage(4, 2, false));
        Answer answer = wire.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        return answer.body().replace(play.id(), "gen_1");
    }

    @Test
    void wholeAnswerIsTheFile() throws Exception {
        assertThat(normalAnswer(start("{\"prompt\":\"hi\"}"))).isEqualTo(Golden.file("completion-whole.json"));
    }

    @Test
    void streamHasAChunkForEachTextAndNoRole() throws Exception {
        Play play = start("{\"prompt\":\"hi\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        wire.head();
        play.say("Once");
        String first = wire.event();
        play.finish(FinishReason.LENGTH, new Usage(4, 2, false));
        String rest = wire.event();

        assertThat(first)
                .contains("\"object\":\"text_completion\"", "\"text\":\"Once\"")
                .doesNotContain("role");
        assertThat(rest).contains("\"finish_reason\":\"length\"");
        wire.rest();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "echo | `` | {\"raw_prompt\":true}",
                "other | `` | {\"open_length\":true,\"raw_prompt\":true}",
                "other | ,\"max_tokens\":5 | {\"raw_prompt\":true}",
                "other | ,\"response_format\":{\"type\":\"json_object\"}"
                        + " | {\"open_length\":true,\"raw_prompt\":true,\"response_format\":{\"type\":\"json_object\"}}"
            })
    void promptGoesToTheGeneratorAsRawText(String model, String members, String options) throws Exception {
        Play play = start("{\"prompt\":[\"Once\"],\"model\":\"" + model + "\"" + members + "}");

        Submit submit = play.submit();
        assertThat(submit.turns()).containsExactly(Turn.user("Once"));
        assertThat(submit.options()).isEqualTo(options);
        play.finish();
        assertThat(wire.answer().status()).isEqualTo(200);
    }

    @Test
    void modelThatContinuesNoTextIsRefusedInTheFormOfTheRoute() throws Exception {
        wire.post(PATH, service.key(), "{\"prompt\":\"hi\",\"stream\":true}");
        generator.refuse(Failure.invalid("model", "model: continues no raw text"));

        Answer answer = wire.answer();

        assertThat(answer.status()).isEqualTo(400);
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("param").asText()).isEqualTo("model");
    }
}
