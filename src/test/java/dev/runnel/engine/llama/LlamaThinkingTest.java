package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.EngineRig;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose template starts its thought, unless the request does not want one. It never ends one. */
@ExtendWith(VertxExtension.class)
class LlamaThinkingTest {

    private static final String TEMPLATE = """
        {% for m in messages %}
        <|im_start|>{{ m.role }}
        {{ m.content }}<|im_end|>
        {% endfor %}
        <|im_start|>assistant
        {% if enable_thinking is defined and not enable_thinking %}
        <think>

        </think>

        {% else %}
        <think>
        {% endif %}
        """;

    private static final Sampling GREEDY = new Sampling(0.0, null, null, null, null, null, List.of());
    private static final int TOKENS = 20;

    @TempDir
    Path directory;

    private EngineRig rig(Vertx vertx, String template, Map<String, Object> settings) throws Exception {
        Path file = TinyModel.write(directory.resolve("tiny.gguf"), "smollm", template, 0);
        return TinyModel.open(vertx, TinyModel.config(file, settings), directory);
    }

    private static Recording run(EngineRig rig, String options) throws Exception {
        Recording recording = rig.start(new Prompt(List.of(Turn.user("x")), GREEDY, TOKENS, false, options));
        recording.awaitEnd();
        return recording;
    }

    @Test
    void thoughtIsReasoningAndNoText(Vertx vertx) throws Exception {
        try (EngineRig rig = rig(vertx, TEMPLATE, Map.of())) {
            Recording recording = run(rig, "");

            assertThat(recording.text()).isEmpty();
            assertThat(recording.answer()).isNotEmpty().allMatch(part -> part.startsWith("reasoning_content \""));
            assertThat(recording.completion().usage().completionTokens()).isEqualTo(TOKENS);
            assertThat(recording.tokens()).isEqualTo(TOKENS);
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"thinking\":false}",
                "{\"reasoning_effort\":\"none\"}",
                "{\"response_format\":{\"type\":\"json_object\"}}",
                "{\"raw_prompt\":true}",
            })
    void answerWithoutAThoughtIsText(String options, Vertx vertx) throws Exception {
        try (EngineRig rig = rig(vertx, TEMPLATE, Map.of())) {
            Recording recording = run(rig, options);

            assertThat(recording.answer()).isNotEmpty().noneMatch(part -> part.startsWith("reasoning_content "));
            assertThat(recording.tokens()).isEqualTo(TOKENS);
        }
    }

    @Test
    void textThatGoesOnHasNoThought(Vertx vertx) throws Exception {
        try (EngineRig rig = rig(vertx, TEMPLATE, Map.of())) {
            Prompt prompt = new Prompt(List.of(Turn.user("x")), GREEDY, TOKENS, false);
            Recording recording = rig.start(prompt.after(new TextSoFar("Hello", TokenIds.NONE, TOKENS - 3)));

            assertThat(recording.completion().usage().completionTokens()).isEqualTo(TOKENS);
            assertThat(recording.answer()).isNotEmpty().noneMatch(part -> part.startsWith("reasoning_content "));
        }
    }

    /** The first tokens are a mark, which is neither text nor reasoning, when its node dies. */
    @Test
    void answerThatHasOnlyAMarkStartsAgainWithItsThought(Vertx vertx) throws Exception {
        try (EngineRig rig = rig(vertx, TEMPLATE, Map.of())) {
            Prompt prompt = new Prompt(List.of(Turn.user("x")), GREEDY, TOKENS, false);
            Recording recording = rig.start(prompt.after(new TextSoFar("", TokenIds.NONE, 3)));

            assertThat(recording.completion().usage().completionTokens()).isEqualTo(TOKENS);
            assertThat(recording.tokens()).isEqualTo(TOKENS - 3);
            assertThat(recording.answer())
                    .isEqualTo(run(rig, "").answer())
                    .isNotEmpty()
                    .allMatch(part -> part.startsWith("reasoning_content "));
        }
    }

    @Test
    void settingIsTheDefaultOfRequests(Vertx vertx) throws Exception {
        try (EngineRig rig = rig(vertx, TEMPLATE, Map.of("thinking", false))) {
            assertThat(run(rig, "").text()).isNotEmpty();
            assertThat(run(rig, "{\"thinking\":true}").text()).isEmpty();
        }
    }

    @Test
    void marksOfTheConfigurationReplaceThoseOfTheTemplate(Vertx vertx) throws Exception {
        String template = TEMPLATE.replace("<think>", "(hm:").replace("</think>", ":hm)");
        try (EngineRig rig = rig(vertx, template, Map.of())) {
            assertThat(run(rig, "").text()).isNotEmpty();
        }
        try (EngineRig rig = rig(vertx, template, Map.of("thinkingMarks", List.of("(hm:", ":hm)")))) {
            assertThat(run(rig, "").text()).isEmpty();
        }
    }

    @Test
    void templateThatDoesNotKnowItRefusesTheMember(Vertx vertx) throws Exception {
        try (EngineRig rig = rig(vertx, TinyModel.CHAT_ML, Map.of())) {
            assertThatThrownBy(() -> run(rig, "{\"thinking\":false}"))
                    .isInstanceOfSatisfying(
                            GenerationException.class,
                            e -> assertThat(e.failure().param()).isEqualTo("thinking"));
            assertThat(run(rig, "{\"reasoning_effort\":\"none\"}").text()).isNotEmpty();
        }
    }
}
