package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.engine.llama.TinyModel;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only an engine decides: formats and raw prompts, with a random model of llama.cpp. */
class ChatFormatTest {

    private static final String MODELS = """
            defaultModel: tiny
            models:
              - { name: tiny, engine: llama, sources: [ { file: "%s" } ], contextCells: 4096, threads: 1 }
            """;

    @AutoClose
    private static RealService service;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path file = TinyModel.write(directory.resolve("tiny.gguf"));
        service = RealService.start(MODELS.formatted(file));
    }

    private static Answer chat(String format, String members) {
        try (HttpWire wire = service.connect()) {
            String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":0,\"response_format\":"
                    + format + members + "}";
            return wire.post("/v1/chat/completions", service.key(), body).answer();
        }
    }

    @Test
    void textFollowsTheSchema() {
        String format = "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"const\":\"ok\"}}}";

        JsonNode whole = ResumedStream.json(chat(format, "").body());

        assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("\"ok\"");
        assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(ChatStream.text(chat(format, ",\"stream\":true").body())).isEqualTo("\"ok\"");
    }

    @Test
    void textIsAnObject() {
        Answer answer = chat("{\"type\":\"json_object\"}", ",\"max_tokens\":5");

        assertThat(ResumedStream.json(answer.body())
                        .at("/choices/0/message/content")
                        .asText())
                .startsWith("{");
    }

    @Test
    void completionContinuesItsPromptWithoutATemplate() {
        String body = "{\"prompt\":\"abc\",\"max_tokens\":4,\"temperature\":0}";
        try (HttpWire wire = service.connect()) {
            JsonNode answer = ResumedStream.json(
                    wire.post("/v1/completions", service.key(), body).answer().body());

            assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
            assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"properties\":{\"x\":{\"not\":{}}}}}}"
                        + " | response_format.json_schema.schema.properties.x.not: unknown keyword",
                "{\"type\":\"json_schema\"} | response_format.json_schema.schema: missing"
            })
    void formatThatTheModelDoesNotSupportIsRefusedBeforeTheStream(String format, String message) {
        Answer answer = chat(format, ",\"stream\":true");

        assertThat(answer.status()).isEqualTo(400);
        JsonNode error = ResumedStream.json(answer.body()).get("error");
        assertThat(error.get("param").asText()).isEqualTo("response_format");
        assertThat(error.get("message").asText()).startsWith(message);
    }
}
