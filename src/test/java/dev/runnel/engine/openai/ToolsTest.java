package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools between clients and an upstream, in both directions. */
@ExtendWith(VertxExtension.class)
class ToolsTest {

    private static final String TOOLS = "{\"tools\":[ {\"type\":\"function\",\"function\":{\"name\":\"f\"}} ],"
            + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}},\"parallel_tool_calls\":false,"
            + "\"turns\":{\"1\":{\"tool_calls\":[{\"id\":\"c\"}]},"
            + "\"2\":{\"role\":\"tool\",\"tool_call_id\":\"c\"},\"3\":{\"tool_calls\":[]}}}";
    private static final List<Turn> TURNS = List.of(
            Turn.user("hi"), new Turn(Turn.Role.ASSISTANT, ""), Turn.user("7"), new Turn(Turn.Role.ASSISTANT, "well"));

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    ToolsTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    private ModelConfig model(boolean tools) {
        return Rig.model(Map.of("tools", Boolean.toString(tools)), upstream.url());
    }

    private static Prompt prompt(String options) {
        return new Prompt(TURNS, Sampling.UNSET, 16, false, options);
    }

    private JsonObject asked(boolean tools, String options) throws Exception {
        try (Rig rig = new Rig(vertx, model(tools))) {
            rig.start(prompt(options), Integer.MAX_VALUE).completion();
            return upstream.awaitAsk().json();
        }
    }

    private static JsonObject message(String role, String content) {
        return new JsonObject().put("role", role).put("content", content);
    }

    @Test
    void toolsGoToAnUpstreamThatKnowsThem() throws Exception {
        JsonObject asked = asked(true, TOOLS);

        assertThat(asked.getJsonArray("tools").encode())
                .isEqualTo("[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]");
        assertThat(asked.getJsonObject("tool_choice").encode())
                .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        assertThat(asked.getBoolean("parallel_tool_calls")).isFalse();
        assertThat(asked.getJsonArray("messages"))
                .isEqualTo(new JsonArray()
                        .add(message("user", "hi"))
                        .add(message("assistant", null)
                                .put("tool_calls", new JsonArray().add(new JsonObject().put("id", "c"))))
                        .add(message("tool", "7").put("tool_call_id", "c"))
                        .add(message("assistant", "well").put("tool_calls", new JsonArray())));
    }

    @Test
    void toolsDoNotGoToAnotherUpstream() throws Exception {
        JsonObject asked = asked(false, TOOLS.replaceFirst("\"tool_choice\":\\{.*?}},", ""));

        assertThat(asked.fieldNames()).doesNotContain("tools", "tool_choice", "parallel_tool_calls");
        assertThat(asked.getJsonArray("messages"))
                .isEqualTo(new JsonArray()
                        .add(message("user", "hi"))
                        .add(message("assistant", ""))
                        .add(message("user", "7"))
                        .add(message("assistant", "well")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"required\" | tool_choice: \"required\" is not supported (expected: auto or none with this model)",
                "{\"a\":1}    | tool_choice: an object is not supported (expected: auto or none with this model)"
            })
    void callThatIsDemandedOfAModelWithoutToolsIsRefused(String choice, String message) throws Exception {
        try (Rig rig = new Rig(vertx, model(false))) {
            assertThatThrownBy(() -> rig.prepare(prompt("{\"tool_choice\":" + choice + "}")))
                    .isInstanceOfSatisfying(GenerationException.class, refused -> {
                        assertThat(refused.failure().message()).isEqualTo(message);
                        assertThat(refused.failure().param()).isEqualTo("tool_choice");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"tool_choice\":\"auto\"}", "{\"tool_choice\":\"none\",\"tools\":[1]}", ""})
    void choiceThatAllowsTextIsAccepted(String options) throws Exception {
        try (Rig rig = new Rig(vertx, model(false))) {
            assertThat(rig.prepare(prompt(options)).cells()).isEqualTo(1);
        }
    }

    private static String calls(String json) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":" + json + "}}]}\n\n";
    }

    private Recording relayed(String... events) throws Exception {
        upstream.always(ask -> ask.stream(String.join("", events)));
        try (Rig rig = new Rig(vertx, model(true))) {
            Recording recording = rig.start();
            recording.awaitEnd();
            assertThat(recording.breaches()).isEmpty();
            return recording;
        }
    }

    @Test
    void callsArePassedOnAsTheyCameAndCount() throws Exception {
        String first =
                "[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]";
        String second = "[{ \"index\": 0, \"function\": {\"arguments\": \"{\\\"a\\\":\\u00e91}\"} }]";

        Recording recording = relayed(
                FakeUpstream.delta("Let me see."),
                calls(first),
                calls(second),
                FakeUpstream.finish("tool_calls"),
                FakeUpstream.DONE);

        assertThat(recording.answer()).containsExactly("Let me see.", "tool_calls " + first, "tool_calls " + second);
        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(recording.completion().usage().completionTokens()).isEqualTo(3);
    }

    @Test
    void charactersThatSomeReadersTreatAsLineEndsAreEscaped() throws Exception {
        Recording recording =
                relayed(calls("[{\"index\":0,\"id\":\"a\u2028b\"}]"), FakeUpstream.finish("stop"), FakeUpstream.DONE);

        assertThat(recording.answer()).containsExactly("tool_calls [{\"index\":0,\"id\":\"a\\u2028b\"}]");
    }

    @ParameterizedTest
    @CsvSource({"stop, TOOL_CALLS", "tool_calls, TOOL_CALLS", "length, LENGTH", "content_filter, CONTENT_FILTER"})
    void finishAfterACallIsThatOfTheCall(String word, FinishReason reason) throws Exception {
        assertThat(relayed(calls("[{\"index\":0}]"), FakeUpstream.finish(word), FakeUpstream.DONE)
                        .completion()
                        .finishReason())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"tool_calls, STOP", "function_call, STOP"})
    void finishOfACallWithoutOneIsAStop(String word, FinishReason reason) throws Exception {
        assertThat(relayed(FakeUpstream.delta("x"), FakeUpstream.finish(word), FakeUpstream.DONE)
                        .completion()
                        .finishReason())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"id\":\"a\"},{},{\"id\":\"b\"}] "
                        + "| [{\"index\":0,\"id\":\"a\"},{\"index\":1},{\"index\":2,\"id\":\"b\"}]",
                "[{\"function\":{\"index\":9}}] | [{\"index\":0,\"function\":{\"index\":9}}]"
            })
    void callWithoutAnIndexGetsOne(String sent, String passedOn) throws Exception {
        assertThat(relayed(calls(sent), FakeUpstream.finish("stop"), FakeUpstream.DONE)
                        .answer())
                .containsExactly("tool_calls " + passedOn);
    }

    /** Some servers send each call whole, in an event of its own, without an index. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"a\"} | {\"id\":\"b\"} | 0 1",
                "{\"id\":\"a\"} | {\"id\":\"a\"} | 0 0",
                "{\"id\":\"a\"} | {\"function\":{\"arguments\":\"{}\"}} | 0 0",
                "{\"function\":{\"name\":\"f\"}} | {\"function\":{\"name\":\"f\"}} | 0 1",
                "{\"id\":\"a\",\"index\":3} | {\"id\":\"b\"} | 3 4",
                "{\"id\":\"a\",\"index\":3} | {\"id\":\"a\"} | 3 3",
                "{\"id\":\"a\",\"index\":null} | {\"id\":\"b\",\"index\":1} | null 1",
                "{\"id\":\"a\"} | {\"id\":7,\"function\":{\"name\":\"\"}} | 0 0"
            })
    void callsOfSeparateEventsHaveIndexesOfTheirOwn(String first, String second, String indexes) throws Exception {
        List<Object> answer = List.copyOf(relayed(
                        calls("[" + first + "]"),
                        calls("[" + second + "]"),
                        FakeUpstream.finish("stop"),
                        FakeUpstream.DONE)
                .answer());

        String[] expected = indexes.split(" ", -1);
        assertThat(answer).hasSize(2);
        assertThat(answer.get(0).toString()).contains("\"index\":" + expected[0]);
        assertThat(answer.get(1).toString()).contains("\"index\":" + expected[1]);
    }

    @Test
    void wholeAnswerOverSeveralLinesIsPassedOnOnOneLine() throws Exception {
        Recording recording = relayed("""
                {"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[
                  {"id":"c",
                   "type":"function", "function":{"name":"f","arguments":"{}"}}
                ]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":5}}""");

        assertThat(recording.answer())
                .singleElement()
                .extracting(call -> call.replaceAll(" +", " "))
                .isEqualTo("tool_calls [{\"index\":0,\"id\":\"c\", \"type\":\"function\","
                        + " \"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]");
        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(recording.completion().usage()).isEqualTo(new Usage(3, 5, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"f\"", "{}"})
    void noCallsAreNoPart(String json) throws Exception {
        assertThat(relayed(calls(json), FakeUpstream.TWO_WORDS, FakeUpstream.DONE)
                        .answer())
                .containsExactly("Once upon");
    }

    @Test
    void callThatIsNotAnObjectIsABrokenStream() throws Exception {
        upstream.always(ask -> ask.stream(calls("[7]"), FakeUpstream.DONE));
        try (Rig rig = new Rig(vertx, model(true))) {
            assertThat(rig.fail().message()).contains("broke off");
        }
    }

    @Test
    void callsAfterTheFinishReasonArePassedOn() throws Exception {
        Recording recording = relayed(
                FakeUpstream.delta("x"), FakeUpstream.finish("stop"), calls("[{\"index\":0}]"), FakeUpstream.DONE);

        assertThat(recording.answer()).containsExactly("x", "tool_calls [{\"index\":0}]");
        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void afterTheFirstCallNoOtherUpstreamIsTried() throws Exception {
        upstream.always(ask -> ask.stream(calls("[{\"index\":0}]")));
        try (FakeUpstream other =
                        new FakeUpstream(vertx, ask -> ask.stream(FakeUpstream.TWO_WORDS, FakeUpstream.DONE));
                Rig rig = new Rig(vertx, Rig.model(Map.of("tools", "true"), upstream.url(), other.url()))) {
            assertThat(rig.fail().message()).contains("broke off");
            assertThat(other.asked()).isEmpty();
        }
    }
}
