package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
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

/** How an upstream is asked to go on after the text of an earlier run, and what becomes of its answer. */
@ExtendWith(VertxExtension.class)
class ContinuationTest {

    private static final Map<String, Object> LAST_MESSAGE = Map.of("continuation", "last_message");
    private static final String SAID = "Once upon a time, ";

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    ContinuationTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    private static TextSoFar said(String text) {
        return new TextSoFar(text, TokenIds.NONE, 5);
    }

    private Recording goOn(Rig rig, Prompt prompt) throws Exception {
        return rig.start(prompt.after(said(SAID)), Integer.MAX_VALUE);
    }

    private void answer(String... deltas) {
        StringBuilder events = new StringBuilder();
        for (String delta : deltas) {
            events.append(FakeUpstream.delta(delta));
        }
        upstream.always(ask -> ask.stream(
                events.toString(),
                FakeUpstream.finish("stop"),
                FakeUpstream.usage(20, deltas.length),
                FakeUpstream.DONE));
    }

    private static JsonObject asked(JsonObject start, JsonObject more) {
        JsonArray messages = new JsonArray()
                .add(new JsonObject().put("role", "user").put("content", "Tell me a story"))
                .add(start);
        return new JsonObject()
                .put("model", "m")
                .put("messages", messages)
                .put("stream", true)
                .put("stream_options", new JsonObject().put("include_usage", true))
                .put("max_tokens", 11)
                .mergeIn(more);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "last_message|{}|{}",
                "prefix|{\"prefix\":true}|{}",
                "continue_final_message|{}|{\"continue_final_message\":true,\"add_generation_prompt\":false}"
            },
            delimiter = '|',
            quoteCharacter = '~')
    void textSoFarIsTheLastMessage(String form, String ofMessage, String ofRequest) throws Exception {
        answer("there was");
        try (var rig = new Rig(vertx, Rig.model(Map.of("continuation", form), upstream.url()))) {
            Recording recording = goOn(rig, Rig.PROMPT);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("there was");
            JsonObject start = new JsonObject().put("role", "assistant").put("content", "Once upon a time,");
            assertThat(upstream.awaitAsk().json())
                    .isEqualTo(asked(start.mergeIn(new JsonObject(ofMessage)), new JsonObject(ofRequest)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rawTextGoesOnAfterThePromptAndTheText(boolean isRawPath) throws Exception {
        upstream.always(ask -> ask.stream(
                "data: {\"choices\":[{\"index\":0,\"text\":\" there\",\"finish_reason\":\"stop\"}]}\n\n",
                FakeUpstream.DONE));
        Map<String, Object> settings = isRawPath ? Map.of("rawPath", "/completions") : Map.of("api", "completions");
        String options = isRawPath ? "{\"raw_prompt\":true}" : "";
        try (var rig = new Rig(vertx, Rig.model(settings, upstream.url()))) {
            Recording recording =
                    goOn(rig, new Prompt(List.of(Turn.user("Story: ")), Sampling.UNSET, 16, false, options));

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("there");
            JsonObject asked = upstream.awaitAsk().json();
            assertThat(asked.getString("prompt")).isEqualTo("Story: Once upon a time,");
            assertThat(asked.getInteger("max_tokens")).isEqualTo(11);
        }
    }

    @Test
    void membersOfTheContinuationAreNotPassedOnTwice() throws Exception {
        Map<String, Object> settings = Map.of(
                "continuation",
                "continue_final_message",
                "passThrough",
                List.of("continue_final_message", "add_generation_prompt", "user"));
        String options = "{\"passed\":{\"user\":\"u\",\"continue_final_message\":false}}";
        answer("there");
        try (var rig = new Rig(vertx, Rig.model(settings, upstream.url()))) {
            goOn(rig, new Prompt(List.of(Turn.user("x")), Sampling.UNSET, 16, false, options))
                    .completion();

            assertThat(upstream.awaitAsk().body())
                    .containsOnlyOnce("\"continue_final_message\":true")
                    .doesNotContain("\"continue_final_message\":false")
                    .contains("\"user\":\"u\"");
        }
    }

    @Test
    void usageCountsThePromptOnceAndTheTokensOfBothRuns() throws Exception {
        answer(" there", " was");
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            Recording recording = goOn(rig, Rig.PROMPT);

            assertThat(recording.completion().usage()).isEqualTo(new Usage(15, 7, true));
            assertThat(recording.tokens()).isEqualTo(2);
        }
    }

    @Test
    void whiteSpaceThatTheUpstreamGeneratesAgainIsLeftOutAndFree() throws Exception {
        upstream.always(ask -> ask.begin().write("data: {\"choices\":[{\"index\":0,\"text\":\"\\n\\n\"}]}\n\n"));
        try (var rig = new Rig(vertx, Rig.model(Map.of("api", "completions"), upstream.url()))) {
            Prompt prompt = new Prompt(List.of(Turn.user("Story: ")), Sampling.UNSET, 16, false);
            Recording recording = rig.start(prompt.after(said("Once upon a time.\n\n")), Integer.MAX_VALUE);
            await().until(() -> recording.pieces() == 1);
            upstream.awaitAsk()
                    .response()
                    .end("data: {\"choices\":[{\"index\":0,\"text\":\"There\",\"finish_reason\":\"stop\"}]}\n\n"
                            + FakeUpstream.usage(20, 2) + FakeUpstream.DONE);

            assertThat(recording.completion().usage()).isEqualTo(new Usage(15, 6, true));
            assertThat(recording.text()).isEqualTo("There");
            assertThat(recording.tokens()).isEqualTo(1);
        }
    }

    @Test
    void textThatTheUpstreamSendsAgainIsLeftOutAndFree() throws Exception {
        answer("Once", " upon", " a", " time,", " there", " was");
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            Recording recording = goOn(rig, Rig.PROMPT);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("there was");
            assertThat(recording.completion().usage().completionTokens()).isBetween(6, 7);
            assertThat(recording.breaches()).isEmpty();
        }
    }

    private void assertLost(Recording recording) throws Exception {
        Failure failure = Rig.failure(recording);
        assertThat(failure.code()).isEqualTo(FailureCode.LOST);
        assertThat(failure.mayGoOnElsewhere()).isFalse();
        assertThat(recording.text()).isEmpty();
        assertThat(recording.breaches()).isEmpty();
        assertThat(recording.spent()).isEqualTo(new Usage(4, 5, true));
    }

    @Test
    void newAnswerIsNotPassedOn() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.delta("Once upon") + FakeUpstream.delta(" a hill")));
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            assertLost(goOn(rig, Rig.PROMPT));

            upstream.awaitClosedConnection();
            assertThat(upstream.asked()).hasSize(1);
            assertThat(rig.reports())
                    .anyMatch(line -> line.endsWith("a new answer in place of a continuation: see `continuation`"));
        }
    }

    @Test
    void newAnswerThatEndsBeforeItDiffersIsNotPassedOn() throws Exception {
        answer("Once upon a");
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            assertLost(goOn(rig, Rig.PROMPT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hm\"", "[{\"type\":\"text\",\"text\":\"hm\"}]"})
    void upstreamThatReasonsHasStartedANewAnswer(String reasoning) throws Exception {
        upstream.always(ask -> ask.stream(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":" + reasoning + "}}]}\n\n",
                FakeUpstream.TWO_WORDS,
                FakeUpstream.DONE));
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            assertLost(goOn(rig, Rig.PROMPT));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 422})
    void upstreamThatRefusesToGoOnDoesNotBlameTheCaller(int status) throws Exception {
        upstream.always(ask -> ask.status(status, "{\"error\":{\"message\":\"thinking\"}}"));
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            assertLost(goOn(rig, Rig.PROMPT));
        }
    }

    @Test
    void callOfAToolAfterTheTextIsPassedOn() throws Exception {
        upstream.always(ask -> ask.stream(
                FakeUpstream.delta(" let"),
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n",
                FakeUpstream.finish("tool_calls"),
                FakeUpstream.DONE));
        Map<String, Object> settings = Map.of("continuation", "prefix", "tools", "true");
        try (var rig = new Rig(vertx, Rig.model(settings, upstream.url()))) {
            Recording recording = goOn(rig, Rig.PROMPT);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(recording.answer()).hasSize(2).first().isEqualTo("let");
        }
    }

    @Test
    void anotherUpstreamIsTriedWhileNothingIsPassedOn() throws Exception {
        upstream.next(ask -> ask.stream(FakeUpstream.delta(" Once up"), "data: {\n\n"));
        upstream.next(ask -> ask.stream(FakeUpstream.delta(" there"), FakeUpstream.finish("stop"), FakeUpstream.DONE));
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url(), upstream.url()))) {
            Recording recording = goOn(rig, Rig.PROMPT);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("there");
        }
    }

    private void assertRefused(ModelConfig model, Prompt prompt) throws Exception {
        try (var rig = new Rig(vertx, model)) {
            assertThatThrownBy(() -> rig.prepare(prompt.after(said(SAID))))
                    .isInstanceOfSatisfying(GenerationException.class, refusal -> {
                        assertThat(refusal.failure().code()).isEqualTo(FailureCode.INVALID_REQUEST);
                        assertThat(refusal.failure().param()).isEqualTo("continuation");
                    });
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void chatDoesNotGoOnByDefault() throws Exception {
        assertRefused(Rig.model(upstream.url()), Rig.PROMPT);
    }

    @Test
    void answerInAFormatDoesNotGoOn() throws Exception {
        assertRefused(
                Rig.model(LAST_MESSAGE, upstream.url()),
                new Prompt(
                        List.of(Turn.user("x")),
                        Sampling.UNSET,
                        16,
                        false,
                        "{\"response_format\":{\"type\":\"json_object\"}}"));
    }

    @Test
    void answerAfterAnAssistantsTurnDoesNotGoOn() throws Exception {
        List<Turn> turns = List.of(Turn.user("x"), new Turn(Turn.Role.ASSISTANT, "y"));
        assertRefused(Rig.model(LAST_MESSAGE, upstream.url()), new Prompt(turns, Sampling.UNSET, 16, false));
    }

    @Test
    void answerOfWhiteSpaceAloneIsStartedAgain() throws Exception {
        answer("\n\nOnce");
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start(Rig.PROMPT.after(said("\n")), Integer.MAX_VALUE);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("\nOnce");
            assertThat(upstream.awaitAsk().json().getJsonArray("messages")).hasSize(1);
        }
    }

    @Test
    void answerWithAllItsTokensEndsWithoutARequest() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            Recording recording = goOn(rig, new Prompt(Rig.PROMPT.turns(), Sampling.UNSET, 5, false));

            assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.LENGTH, new Usage(4, 5, true)));
            assertThat(recording.breaches()).isEmpty();
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void cancelWhileItIsHeldBackCountsTheEarlierRun() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.delta("Once")));
        try (var rig = new Rig(vertx, Rig.model(LAST_MESSAGE, upstream.url()))) {
            Recording recording = rig.start(Rig.PROMPT.after(said(SAID)), 1);

            Completion completion = recording.completion();
            assertThat(completion.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(completion.usage().completionTokens()).isEqualTo(6);
            assertThat(recording.text()).isEmpty();
            upstream.awaitClosedConnection();
        }
    }
}
