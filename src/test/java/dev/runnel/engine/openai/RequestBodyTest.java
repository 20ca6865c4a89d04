package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.sun.management.ThreadMXBean;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.ModelConfig.Template;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.engine.openai.FakeUpstream.Ask;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an upstream is asked. */
@ExtendWith(VertxExtension.class)
class RequestBodyTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    RequestBodyTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    @Test
    void whatTheCallerLeftOutIsLeftOut() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            rig.complete();

            Ask ask = upstream.awaitAsk();
            assertThat(ask.request().path()).isEqualTo("/v1/chat/completions");
            assertThat(ask.request().getHeader("Content-Type")).isEqualTo("application/json");
            assertThat(ask.request().getHeader("Authorization")).isNull();
            assertThat(ask.json())
                    .isEqualTo(new JsonObject()
                            .put("model", "m")
                            .put("messages", new JsonArray().add(message("user", "Tell me a story")))
                            .put("stream", true)
                            .put("stream_options", new JsonObject().put("include_usage", true))
                            .put("max_tokens", 16));
        }
    }

    @Test
    void longPromptIsWrittenWithoutCopiesOfTheWhole() {
        var settings = OpenAiSettings.read(Rig.model("http://localhost/v1"), new ArrayList<>());
        var body = new RequestBody(new JsonFactory(), settings, "", Sampling.UNSET);
        String content = "Once upon a time there was a fox, and he said: \"No.\"\n".repeat(20_000);
        Prompt prompt = new Prompt(List.of(Turn.user(content)), Sampling.UNSET, 16, false);
        // Loads classes and the buffers of the generator.
        body.of(prompt, "m");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Buffer written = body.of(prompt, "m").json();

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(content.length() * 5L / 4);
        assertThat(written.toJsonObject().getJsonArray("messages")).containsExactly(message("user", content));
    }

    @Test
    void everythingIsSentThatWasAsked() throws Exception {
        Sampling sampling = new Sampling(0.5, 0.9, 40, 4294967294L, -1.5, 2.0, List.of("END", "\n\n"));
        List<Turn> turns =
                List.of(Turn.user("a \"question\"\u2028"), new Turn(Turn.Role.ASSISTANT, "an answer"), Turn.user("😀"));
        try (var rig = new Rig(vertx, modelWithDefaults())) {
            rig.start(new Prompt(turns, sampling, 5, false), Integer.MAX_VALUE).completion();

            Ask ask = upstream.awaitAsk();
            assertThat(ask.request().uri()).isEqualTo("/v1/chat/completions?api-version=1");
            JsonArray messages = new JsonArray()
                    .add(message("system", "Be brief."))
                    .add(message("user", "a \"question\"\u2028"))
                    .add(message("assistant", "an answer"))
                    .add(message("user", "😀"));
            assertThat(ask.json())
                    .isEqualTo(new JsonObject()
                            .put("model", "their/name")
                            .put("messages", messages)
                            .put("stream", true)
                            .put("max_completion_tokens", 5)
                            .put("temperature", 0.5)
                            .put("top_p", 0.9)
                            .put("top_k", 40)
                            .put("seed", 4294967294L)
                            .put("presence_penalty", -1.5)
                            .put("frequency_penalty", 2.0)
                            .put("stop", new JsonArray().add("END").add("\n\n")));
        }
    }

    @Test
    void lengthThatIsLeftOpenIsNotSent() throws Exception {
        try (var rig = new Rig(vertx, modelWithDefaults())) {
            List<Turn> turns = List.of(Turn.user("x"));
            rig.start(new Prompt(turns, Sampling.UNSET, 5, true, "{\"open_length\":true}"), Integer.MAX_VALUE)
                    .completion();

            assertThat(upstream.awaitAsk().json().fieldNames())
                    .contains("stream")
                    .doesNotContain("max_tokens", "max_completion_tokens", "open_length");
        }
    }

    private void assertAsked(Map<String, Object> settings, String options, JsonObject more) throws Exception {
        try (var rig = new Rig(vertx, Rig.model(settings, upstream.url()))) {
            rig.start(new Prompt(List.of(Turn.user("x")), Sampling.UNSET, 5, false, options), Integer.MAX_VALUE)
                    .completion();

            JsonObject plain = new JsonObject()
                    .put("model", "m")
                    .put("messages", new JsonArray().add(message("user", "x")))
                    .put("stream", true)
                    .put("stream_options", new JsonObject().put("include_usage", true))
                    .put("max_tokens", 5);
            assertThat(upstream.awaitAsk().json()).isEqualTo(plain.mergeIn(more));
        }
    }

    @Test
    void membersThatTheModelPassesOnGoToTheUpstreamAsTheyCame() throws Exception {
        String options = "{\"passed\":{\"user\":\"u\",\"min_p\":0.10,\"kwargs\":{\"a\":[null]}}}";

        assertAsked(
                Map.of("passThrough", List.of("kwargs", "min_p", "other")),
                options,
                new JsonObject().put("min_p", 0.1).put("kwargs", new JsonObject().put("a", new JsonArray().addNull())));
    }

    @Test
    void membersThatAnotherModelPassesOnAreDropped() throws Exception {
        assertAsked(Map.of(), "{\"passed\":{\"user\":\"u\"}}", new JsonObject());
    }

    @Test
    void rawTextGoesToItsOwnPath() throws Exception {
        upstream.always(ask -> ask.stream(
                "data: {\"choices\":[{\"index\":0,\"text\":\"Once\"}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"text\":\" upon\",\"finish_reason\":\"length\"}]}\n\n",
                FakeUpstream.DONE));
        Map<String, Object> settings = Map.of(
                "rawPath",
                "/raw/text",
                "tools",
                "true",
                "maxTokensField",
                "max_completion_tokens",
                "passThrough",
                List.of("user"));
        try (var rig = new Rig(vertx, Rig.model(settings, upstream.url()))) {
            Recording recording = rig.start(
                    new Prompt(
                            List.of(Turn.user("x")),
                            Sampling.UNSET,
                            5,
                            false,
                            "{\"raw_prompt\":true,\"tools\":[{}],\"passed\":{\"user\":\"u\"}}"),
                    Integer.MAX_VALUE);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recording.text()).isEqualTo("Once upon");
            Ask ask = upstream.awaitAsk();
            assertThat(ask.request().path()).isEqualTo("/v1/raw/text");
            assertThat(ask.json())
                    .isEqualTo(new JsonObject()
                            .put("model", "m")
                            .put("prompt", "x")
                            .put("stream", true)
                            .put("stream_options", new JsonObject().put("include_usage", true))
                            .put("max_tokens", 5)
                            .put("user", "u"));
        }
    }

    @Test
    void rawTextWithAFormatOrADemandedCallIsRefused() throws Exception {
        Map<String, Object> settings = Map.of("rawPath", "/completions", "tools", "true");
        try (var rig = new Rig(vertx, Rig.model(settings, upstream.url()))) {
            for (String options : List.of(
                    "{\"raw_prompt\":true,\"response_format\":{\"type\":\"json_object\"}}",
                    "{\"raw_prompt\":true,\"tool_choice\":\"required\"}")) {
                Prompt prompt = new Prompt(List.of(Turn.user("x")), Sampling.UNSET, 5, false, options);

                assertThatThrownBy(() -> rig.start(prompt, Integer.MAX_VALUE))
                        .as(options)
                        .hasMessageContaining("not supported");
            }
        }
    }

    @Test
    void systemTurnOfTheRequestReplacesTheModelsOwn() throws Exception {
        List<Turn> turns = List.of(new Turn(Turn.Role.SYSTEM, "Be long."), Turn.user("x"));
        try (var rig = new Rig(vertx, modelWithDefaults())) {
            rig.start(new Prompt(turns, Sampling.UNSET, 5, false), Integer.MAX_VALUE)
                    .completion();

            assertThat(upstream.awaitAsk().json().getJsonArray("messages"))
                    .isEqualTo(
                            new JsonArray().add(message("system", "Be long.")).add(message("user", "x")));
        }
    }

    @Test
    void defaultsOfTheModelAreSentForWhatIsNotAsked() throws Exception {
        try (var rig = new Rig(vertx, modelWithDefaults())) {
            rig.start(new Prompt(List.of(Turn.user("x")), Sampling.UNSET, 5, false), Integer.MAX_VALUE)
                    .completion();

            JsonObject defaults = upstream.awaitAsk().json();
            assertThat(defaults.getDouble("temperature")).isEqualTo(0.1);
            assertThat(defaults.getInteger("top_k")).isEqualTo(7);
            assertThat(defaults.getInteger("seed")).isEqualTo(3);
            assertThat(defaults.containsKey("top_p")).isFalse();
        }
    }

    private ModelConfig modelWithDefaults() {
        Map<String, Object> settings = Map.of(
                "topK",
                true,
                "maxTokensField",
                "max_completion_tokens",
                "includeUsage",
                false,
                "upstreams",
                List.of(Map.of("url", upstream.url() + "/?api-version=1", "model", "their/name")));
        Sampling defaults = new Sampling(0.1, null, 7, 3L, null, null, List.of());
        return new ModelConfig("relayed", "openai", Template.CHAT, "Be brief.", defaults, settings);
    }

    @Test
    void completionsAreUsedIfConfigured() throws Exception {
        upstream.always(ask -> ask.stream(
                "data: {\"choices\":[{\"index\":0,\"text\":\"Once\",\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"text\":\" upon\",\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"length\"}]}\n\n"));
        try (var rig = new Rig(vertx, Rig.model(Map.of("api", "completions"), upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recording.text()).isEqualTo("Once upon");
            assertThat(upstream.awaitAsk().request().path()).isEqualTo("/v1/completions");
            assertThat(upstream.asked().get(0).json().getString("prompt")).isEqualTo("Tell me a story");
            assertThat(upstream.asked().get(0).json().containsKey("messages")).isFalse();
        }
    }

    @Test
    void conversationIsRefusedWhereTheRouteHasNoRoles() throws Exception {
        List<Turn> turns = List.of(new Turn(Turn.Role.SYSTEM, "x"), Turn.user("y"));
        try (var rig = new Rig(vertx, Rig.model(Map.of("api", "completions"), upstream.url()))) {
            assertThatThrownBy(() -> rig.prepare(new Prompt(turns, Sampling.UNSET, 5, false)))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageStartingWith("prompt: several turns");
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void topKIsRefusedWhereTheUpstreamDoesNotKnowIt() throws Exception {
        Sampling sampling = new Sampling(null, null, 40, null, null, null, List.of());
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThatThrownBy(() -> rig.prepare(new Prompt(List.of(Turn.user("x")), sampling, 5, false)))
                    .isInstanceOfSatisfying(
                            GenerationException.class,
                            refusal -> assertThat(refusal.failure())
                                    .isEqualTo(Failure.invalid("topK", "topK: 40 (expected: absent for this model)")));
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void promptWithHalfASurrogatePairIsRefused() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThatThrownBy(() -> rig.prepare(new Prompt(List.of(Turn.user("\ud83d")), Sampling.UNSET, 5, false)))
                    .isInstanceOfSatisfying(
                            GenerationException.class,
                            refusal -> assertThat(refusal.failure().param()).isEqualTo("prompt"));
        }
    }

    @Test
    void responseFormatIsPassedOnAsItCame() throws Exception {
        String format = "{\"type\" : \"json_schema\", \"json_schema\":{\"name\":\"n\",\"schema\":{\"const\":1e400}}}";
        String options = "{\"other\":[1,{\"a\":2}],\"response_format\":" + format + " }";
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            rig.start(withOptions(options), Integer.MAX_VALUE).completion();

            String body = upstream.awaitAsk().body();
            assertThat(body).contains("\"response_format\":" + format).doesNotContain("other");
        }
    }

    @Test
    void optionsThatAreNotOneObjectAreRefused() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThatThrownBy(() -> rig.prepare(withOptions("[]")))
                    .isInstanceOfSatisfying(
                            GenerationException.class,
                            refusal -> assertThat(refusal.failure().param()).isEqualTo("options"));
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void completionsRefuseAResponseFormat() throws Exception {
        String options = "{\"response_format\":{\"type\":\"json_object\"}}";
        try (var rig = new Rig(vertx, Rig.model(Map.of("api", "completions"), upstream.url()))) {
            assertThatThrownBy(() -> rig.prepare(withOptions(options)))
                    .isInstanceOfSatisfying(
                            GenerationException.class,
                            refusal -> assertThat(refusal.failure())
                                    .isEqualTo(Failure.invalid(
                                            "responseFormat",
                                            "responseFormat: 'response_format' of type 'json_object' is not supported"
                                                    + " with this model")));
            rig.prepare(withOptions("{\"response_format\":{\"type\":\"text\"}}"));
        }
    }

    @Test
    void rawPromptIsForTheRouteWithoutRolesOnly() throws Exception {
        String options = "{\"raw_prompt\":true}";
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThatThrownBy(() -> rig.prepare(withOptions(options)))
                    .isInstanceOfSatisfying(
                            GenerationException.class,
                            refusal -> assertThat(refusal.failure().param()).isEqualTo("model"));
            assertThat(upstream.asked()).isEmpty();
        }
        try (var rig = new Rig(vertx, Rig.model(Map.of("api", "completions"), upstream.url()))) {
            rig.prepare(withOptions(options));
        }
    }

    private static Prompt withOptions(String options) {
        return new Prompt(List.of(Turn.user("x")), Sampling.UNSET, 5, false, options);
    }

    private static JsonObject message(String role, String content) {
        return new JsonObject().put("role", role).put("content", content);
    }
}
