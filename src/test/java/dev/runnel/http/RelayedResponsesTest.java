package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.engine.openai.FakeUpstream;
import dev.runnel.openapi.Description;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relayed model's server gets of the requests of all three routes, and functions in {@code /v1/responses}. */
class RelayedResponsesTest {

    private static final Description DESCRIPTION = Description.read();
    private static final String MODELS = """
            defaultModel: caller
            models:
              - name: caller
                engine: openai
                tools: true
                passThrough: [ user, min_p ]
                rawPath: /raw
                upstreams: [ { url: "%1$s", model: m } ]
              - { name: talker, engine: openai, upstreams: [ { url: "%1$s", model: m } ] }
              - { name: raw, engine: openai, template: none, upstreams: [ { url: "%1$s", model: m } ] }
              - { name: echo, engine: scripted, echo: true }
              - { name: untemplated, engine: scripted, template: none }
            """;
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}]";

    private static Vertx vertx;
    private static FakeUpstream upstream;
    private static RealService service;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        upstream = new FakeUpstream(vertx, RelayedResponsesTest::answer);
        service = RealService.start(MODELS.formatted(upstream.url()));
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        upstream.close();
        vertx.close().await();
    }

    /** A raw text, the answer to a tool, or a text with a call. */
    private static void answer(FakeUpstream.Ask ask) {
        JsonNode body = ResumedStream.json(ask.body());
        if (body.has("prompt")) {
            ask.stream(
                    "data: {\"choices\":[{\"index\":0,\"text\":\"Once\",\"finish_reason\":\"stop\"}]}\n\n",
                    FakeUpstream.DONE);
        } else if (body.at("/messages").findValuesAsText("role").contains("tool")) {
            ask.stream(FakeUpstream.delta("Sunny."), FakeUpstream.finish("stop"), FakeUpstream.DONE);
        } else {
            ask.stream(
                    FakeUpstream.delta("Let me"),
                    FakeUpstream.delta(" see."),
                    call("{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":"
                            + "{\"name\":\"weather\",\"arguments\":\"\"}}"),
                    call("{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}"),
                    call("{\"index\":0,\"function\":{\"arguments\":\"\\\"Paris\\\"}\"}}"),
                    FakeUpstream.finish("tool_calls"),
                    FakeUpstream.usage(7, 5),
                    FakeUpstream.DONE);
        }
    }

    private static String call(String json) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + json + "]}}]}\n\n";
    }

    private static Answer post(String path, String body) {
        try (HttpWire wire = service.connect()) {
            return wire.post(path, service.key(), body).answer();
        }
    }

    private static Answer get(String path) {
        try (HttpWire wire = service.connect()) {
            return wire.get(path, HttpWire.bearer(service.key())).answer();
        }
    }

    private static Answer responses(String members) {
        return post("/v1/responses", "{\"input\":\"hi\"," + members + "}");
    }

    private static JsonNode lastAsk() {
        List<FakeUpstream.Ask> asked = upstream.asked();
        return ResumedStream.json(asked.get(asked.size() - 1).body());
    }

    private static void assertDescribed(String schema, String json) {
        assertThat(DESCRIPTION.faults(Description.reference(schema), json))
                .as(json)
                .isEmpty();
    }

    private static void assertOutput(JsonNode response) {
        assertThat(response.get("output").findValuesAsText("type"))
                .containsExactly("message", "output_text", "function_call");
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Let me see.");
        assertThat(response.at("/output/1/call_id").asText()).isEqualTo("call_a");
        assertThat(response.at("/output/1/name").asText()).isEqualTo("weather");
        assertThat(response.at("/output/1/arguments").asText()).isEqualTo("{\"city\":\"Paris\"}");
        assertThat(response.at("/output/1/status").asText()).isEqualTo("completed");
    }

    @Test
    void wholeResponseHasTheCallAndTheServerGotTheToolInTheFormOfAChat() {
        Answer answer = responses(TOOLS + ",\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"}");

        assertDescribed("Response", answer.body());
        JsonNode response = ResumedStream.json(answer.body());
        assertOutput(response);
        assertThat(response.get("status").asText()).isEqualTo("completed");
        assertThat(response.at("/tools/0/name").asText()).isEqualTo("weather");
        assertThat(lastAsk().at("/tools/0").toString())
                .isEqualTo("{\"type\":\"function\",\"function\":"
                        + "{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}");
        assertThat(lastAsk().at("/tool_choice/function/name").asText()).isEqualTo("weather");
    }

    @Test
    void streamHasTheEventsOfTheCallWithNumbersWithoutAGap() {
        ResponseStream stream =
                ResponseStream.of(responses(TOOLS + ",\"stream\":true").body());

        stream.events().forEach(event -> assertDescribed("ResponseEvent", event.toString()));
        List<String> types = stream.events().stream()
                .map(event -> event.get("type").asText().replace("response.", ""))
                .toList();
        assertThat(types)
                .containsSubsequence(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.delta",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "function_call_arguments.done",
                        "output_item.done",
                        "completed");
        // Both texts may arrive in one piece.
        assertThat(stream.lastNumber()).isBetween(13L, 14L);
        assertThat(stream.numbers()).doesNotHaveDuplicates().isSorted();
        assertOutput(stream.last().get("response"));
    }

    @Test
    void backgroundResponseContinuesAfterEachNumberAndIsContinuedByTheOutputOfTheTool() {
        String id = ResumedStream.json(responses(TOOLS + ",\"background\":true").body())
                .get("id")
                .asText();
        await().until(() -> get("/v1/responses/" + id).body().contains("\"status\":\"completed\""));
        assertOutput(ResumedStream.json(get("/v1/responses/" + id).body()));
        List<JsonNode> whole = ResponseStream.of(
                        get("/v1/responses/" + id + "?stream=true").body())
                .events();
        long last = whole.get(whole.size() - 1).get("sequence_number").asLong();
        for (long number = 5; number < last; number++) {
            long after = number;
            List<JsonNode> expected = whole.stream()
                    .filter(event -> event.get("sequence_number").asLong() > after)
                    .toList();

            String rest = get("/v1/responses/" + id + "?stream=true&starting_after=" + number)
                    .body();

            assertThat(ResponseStream.of(rest).events()).as("after " + number).isEqualTo(expected);
        }
        assertThat(get("/v1/responses/" + id + "?stream=true&starting_after=" + (last + 1))
                        .status())
                .isEqualTo(400);

        Answer next = post(
                "/v1/responses",
                "{\"previous_response_id\":\"" + id + "\"," + TOOLS
                        + ",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"call_a\","
                        + "\"output\":\"sun\"}]}");

        assertThat(next.body()).contains("\"text\":\"Sunny.\"");
        assertThat(lastAsk().at("/messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Let me see.\",\"tool_calls\":[{\"id\":\"call_a\","
                        + "\"type\":\"function\",\"function\":{\"name\":\"weather\","
                        + "\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}}]},"
                        + "{\"role\":\"tool\",\"content\":\"sun\",\"tool_call_id\":\"call_a\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"talker", "echo"})
    void modelWithoutToolsAnswersWithTextUnlessACallIsDemanded(String model) {
        String of = TOOLS + ",\"model\":\"" + model + "\"";

        Answer offered = responses(of);
        Answer demanded = responses(of + ",\"tool_choice\":\"required\"");
        Answer named = responses(of + ",\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"}");

        assertThat(offered.status()).isEqualTo(200);
        assertThat(offered.body()).doesNotContain("function_call");
        assertThat(demanded.status()).isEqualTo(400);
        assertThat(demanded.body()).contains("\"param\":\"tool_choice\",\"code\":\"unsupported_value\"");
        assertThat(named.body()).contains("tool_choice: an object is not supported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions | \"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]",
                "/v1/completions | \"prompt\":\"hi\"",
                "/v1/responses | \"input\":\"hi\""
            })
    void memberThatTheModelPassesOnGoesToItsServerAlone(String path, String input) {
        String members = input + ",\"user\":{\"a\":[1]},\"min_p\":0.1,\"other\":1";

        assertThat(post(path, "{" + members + "}").status()).isEqualTo(200);
        assertThat(lastAsk().get("user").toString()).isEqualTo("{\"a\":[1]}");
        assertThat(lastAsk().get("min_p").asDouble()).isEqualTo(0.1);
        assertThat(lastAsk().has("other")).isFalse();
        if (!path.equals("/v1/completions")) {
            assertThat(post(path, "{" + members + ",\"model\":\"talker\"}").status())
                    .isEqualTo(200);
            assertThat(lastAsk().has("user")).isFalse();
        }
    }

    @Test
    void rawTextGoesToTheModelsPathForIt() {
        Answer whole = post("/v1/completions", "{\"prompt\":\"hi\"}");
        Answer stream = post("/v1/completions", "{\"prompt\":\"hi\",\"stream\":true}");

        assertThat(whole.body()).contains("\"object\":\"text_completion\"", "\"text\":\"Once\"");
        assertThat(stream.body()).contains("\"text\":\"Once\"").endsWith("data: [DONE]\n\n");
        List<FakeUpstream.Ask> asked = upstream.asked();
        assertThat(asked.get(asked.size() - 1).request().path()).isEqualTo("/v1/raw");
        assertThat(lastAsk().get("prompt").asText()).isEqualTo("hi");
        assertThat(lastAsk().has("messages")).isFalse();
    }

    @Test
    void modelOfTheApiCompletionsContinuesRawTexts() {
        assertThat(post("/v1/completions", "{\"prompt\":\"hi\",\"model\":\"raw\"}")
                        .body())
                .contains("\"text\":\"Once\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/completions | \"prompt\":\"hi\",\"model\":\"talker\" | continues no raw text",
                "/v1/chat/completions | \"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"raw\""
                        + " | has no chat template",
                "/v1/chat/completions | \"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"untemplated\""
                        + " | has no chat template",
                "/v1/responses | \"input\":\"hi\",\"model\":\"raw\" | has no chat template",
                "/v1/responses | \"input\":\"hi\",\"model\":\"untemplated\" | has no chat template"
            })
    void modelThatDoesNotFitTheRouteIsRefused(String path, String members, String message) {
        for (String stream : List.of("", ",\"stream\":true")) {
            Answer refused = post(path, "{" + members + stream + "}");

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.header("content-type")).isEqualTo("application/json; charset=utf-8");
            JsonNode error = ResumedStream.json(refused.body()).get("error");
            assertThat(error.get("param").asText()).isEqualTo("model");
            assertThat(error.get("message").asText()).contains(message);
            assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        }
    }
}
