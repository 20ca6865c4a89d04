package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code /v1/responses} of a model that thinks. */
@ExtendWith(PlayedService.class)
class ResponseThoughtsTest {

    private static final String WHOLE = "{\"input\":\"hi\"}";
    private static final String STREAM = "{\"input\":\"hi\",\"stream\":true}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire wire;

    ResponseThoughtsTest(TestService service, PlayedGenerator generator, HttpWire wire) {
        this.service = service;
        this.generator = generator;
        this.wire = wire;
    }

    private Play start(String body) throws Exception {
        wire.post("/v1/responses", service.key(), body);
        return generator.accept();
    }

    @Test
    void reasoningShowsInNeitherFormAndMovesNoNumber() throws Exception {
        Play play = start(STREAM);
        play.think("Hm").say("Once").think("so").say(" more").finish(FinishReason.STOP, new Usage(4, 6, false));
        Answer streamed = wire.answer();
        ResponseStream stream = ResponseStream.of(streamed.body());

        assertThat(streamed.body())
                .doesNotContain("Hm")
                .doesNotContain("\"so\"")
                .doesNotContain("reasoning_content");
        assertThat(stream.text()).isEqualTo("Once more");
        assertThat(stream.lastNumber()).isEqualTo(9);
        assertThat(stream.last().at("/response/output").findValuesAsText("type"))
                .containsExactly("message", "output_text");

        play = start(WHOLE);
        play.think("Hm").say("Once more").finish(FinishReason.STOP, new Usage(4, 6, false));
        JsonNode whole = ResumedStream.json(wire.answer().body());

        assertThat(whole.get("output").findValuesAsText("type")).containsExactly("message", "output_text");
        assertThat(whole.at("/output/0/content/0/text").asText()).isEqualTo("Once more");
        assertThat(whole.at("/usage/output_tokens").asInt()).isEqualTo(6);
    }

    @Test
    void thoughtWithoutATextIsAnEmptyMessage() throws Exception {
        Play play = start(STREAM);
        play.think("Hm").finish(FinishReason.LENGTH, new Usage(4, 6, false));

        ResponseStream stream = ResponseStream.of(wire.answer().body());

        assertThat(stream.lastNumber()).isEqualTo(7);
        assertThat(stream.last().at("/response/status").asText()).isEqualTo("incomplete");
        assertThat(stream.last().at("/response/output/0/content/0/text").asText())
                .isEmpty();
    }
}
