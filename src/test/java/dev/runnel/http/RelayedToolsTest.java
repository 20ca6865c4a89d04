package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.engine.openai.FakeUpstream;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools through the whole service, with an upstream that calls one. */
class RelayedToolsTest {

    private static final String MODELS = """
            defaultModel: caller
            models:
              - { name: caller, engine: openai, tools: true, upstreams: [ { url: "%1$s", model: m } ] }
              - { name: talker, engine: openai, upstreams: [ { url: "%1$s", model: m } ] }
              - { name: echo, engine: scripted, echo: true }
            """;
    private static final String CALL =
            "{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";

    private static Vertx vertx;
    private static FakeUpstream upstream;
    private static RealService service;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        upstream = new FakeUpstream(
                vertx,
                ask -> ask.stream(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + CALL + "]}}]}\n\n",
                        FakeUpstream.finish("tool_calls"),
                        FakeUpstream.usage(7, 5),
                        FakeUpstream.DONE));
        service = RealService.start(MODELS.formatted(upstream.url()));
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        upstream.close();
        vertx.close().await();
    }

    private static Answer post(String path, String body) {
        try (HttpWire wire = service.connect()) {
            return wire.post(path, service.key(), body).answer();
        }
    }

    private static Answer chat(String members) {
        return post("/v1/chat/completions", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + members + "}");
    }

    @Test
    void callComesBackStreamedAndWhole() {
        JsonNode whole =
                ResumedStream.json(chat("\"tools\":[{\"type\":\"function\"}]").body());
        String stream =
                chat("\"tools\":[{\"type\":\"function\"}],\"stream\":true").body();

        assertThat(whole.at("/choices/0/message/content").isNull()).isTrue();
        assertThat(whole.at("/choices/0/message/tool_calls/0/function/name").asText())
                .isEqualTo("f");
        assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(whole.at("/usage/completion_tokens").asInt()).isEqualTo(5);
        assertThat(stream)
                .contains("\"delta\":{\"tool_calls\":[" + CALL + "]}")
                .contains("\"finish_reason\":\"tool_calls\"");
        assertThat(ChatStream.answer(stream)).isEmpty();
    }

    @Test
    void runnelsOwnRoutesShowAStop() {
        Answer whole = post("/v1/generate", "{\"prompt\":\"hi\"}");

        assertThat(whole.body()).contains("\"text\":\"\"").contains("\"finishReason\":\"stop\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"talker", "echo"})
    void modelWithoutToolsAnswersWithTextUnlessACallIsDemanded(String model) {
        Answer offered = chat("\"tools\":[{}],\"tool_choice\":\"auto\",\"model\":\"" + model + "\"");
        Answer demanded =
                chat("\"tools\":[{}],\"tool_choice\":\"required\",\"stream\":true,\"model\":\"" + model + "\"");

        assertThat(offered.status()).isEqualTo(200);
        assertThat(ResumedStream.json(offered.body()).at("/choices/0/message").has("tool_calls"))
                .isFalse();
        assertThat(demanded.status()).isEqualTo(400);
        assertThat(demanded.body())
                .isEqualTo("{\"error\":{\"message\":\"tool_choice: \\\"required\\\" is not supported (expected: auto or"
                        + " none with this model)\",\"type\":\"invalid_request_error\",\"param\":\"tool_choice\","
                        + "\"code\":\"unsupported_value\"}}");
    }
}
