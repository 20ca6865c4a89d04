package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Completion;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.engine.grammar.Schemas;
import dev.runnel.engine.grammar.Validator;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The text of a random model, half of whose tokens are no UTF-8, follows the format that was asked for. */
@ParameterizedClass
@EnumSource(TestedLibrary.class)
@ExtendWith(VertxExtension.class)
class LlamaFormatTest {

    private static final String PERSON = """
        {"type":"object","properties":{"name":{"type":"string","maxLength":12},
         "address":{"type":"object","properties":{"zip":{"type":"string","pattern":"^[0-9]{5}$"},
                    "born":{"type":"string","format":"date"}},"required":["zip","born"],
                    "additionalProperties":false},
         "colour":{"enum":["red","green","blüe"]},
         "numbers":{"type":"array","items":{"type":"integer","minimum":-5,"maximum":1200},"maxItems":4}},
         "required":["name","address","colour","numbers"],"additionalProperties":false}
        """;

    private final TestedLibrary library;

    @AutoClose
    private EngineRig rig;

    LlamaFormatTest(TestedLibrary library) {
        this.library = library;
    }

    @BeforeEach
    void open(Vertx vertx, @TempDir Path directory) throws Exception {
        ModelConfig config = TinyModel.config(TinyModel.write(directory.resolve("tiny.gguf")));
        rig = TinyModel.open(vertx, config, directory, library);
    }

    private static String withSchema(String schema) {
        return "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":" + schema + "}}}";
    }

    private static Prompt prompt(String options, Long seed, int maxTokens, String... stop) {
        var sampling = new Sampling(seed == null ? 0.0 : 1.5, 1.0, 0, seed, 0.5, 0.5, List.of(stop));
        return new Prompt(List.of(Turn.user("x")), sampling, maxTokens, false, options);
    }

    private Recording generated(Prompt prompt) throws Exception {
        Recording recording = rig.start(prompt);
        recording.completion();
        return recording;
    }

    @Test
    void wholeTextValidatesAndStopsAndAnotherEndsAtItsLength() throws Exception {
        Validator validator = new Validator(PERSON);
        var reasons = new ArrayList<FinishReason>();
        for (long seed = 0; seed < 40; seed++) {
            Recording recording = generated(prompt(withSchema(PERSON), seed, seed % 2 == 0 ? 150 : 60));

            FinishReason reason = recording.completion().finishReason();
            reasons.add(reason);
            if (reason == FinishReason.STOP) {
                assertThat(validator.faults(recording.text()))
                        .as(recording.text())
                        .isEmpty();
            } else {
                assertThatThrownBy(() -> Validator.parsed(recording.text()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(reasons).contains(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void plainJsonIsAnObject() throws Exception {
        int whole = 0;
        for (long seed = 0; seed < 20; seed++) {
            Recording recording = generated(prompt("{\"response_format\":{\"type\":\"json_object\"}}", seed, 400));
            assertThat(recording.text()).startsWith("{");
            if (recording.completion().finishReason() == FinishReason.STOP) {
                assertThat(Validator.parsed(recording.text()).isObject()).isTrue();
                whole++;
            }
        }
        assertThat(whole).isPositive();
    }

    @Test
    void textOfARandomSchemaValidates() throws Exception {
        int whole = 0;
        for (long seed = 0; seed < 150; seed++) {
            String schema = new Schemas(new Random(seed)).schema().toString();
            Prompt prompt = prompt(withSchema(schema), seed, 200);
            try {
                rig.prepare(prompt);
            } catch (GenerationException refused) {
                assertThat(refused).hasMessageMatching("(?s)responseFormat.schema: (a reference|alternatives).*");
                continue;
            }
            Recording recording = generated(prompt);
            if (recording.completion().finishReason() == FinishReason.STOP) {
                assertThat(new Validator(schema).faults(recording.text()))
                        .as("%s for %s", recording.text(), schema)
                        .isEmpty();
                whole++;
            }
        }
        assertThat(whole).isGreaterThan(50);
    }

    @Test
    void textThatIsWholeStopsAtOnce() throws Exception {
        assertEnd("{\"const\":\"ok\"}", 100, "\"ok\"", 4, FinishReason.STOP);
        assertEnd("{\"const\":\"ok\"}", 4, "\"ok\"", 4, FinishReason.STOP);
        assertEnd("{\"const\":\"ok\"}", 3, "\"ok", 3, FinishReason.LENGTH);
        assertEnd("{\"const\":7}", 100, "7", 2, FinishReason.STOP);
        assertEnd("{\"const\":7}", 1, "7", 1, FinishReason.STOP);
    }

    private void assertEnd(String schema, int maxTokens, String text, int tokens, FinishReason reason)
            throws Exception {
        Recording recording = generated(prompt(withSchema(schema), null, maxTokens));
        Completion completion = recording.completion();
        assertThat(recording.text()).isEqualTo(text);
        assertThat(completion.finishReason()).isEqualTo(reason);
        assertThat(completion.usage().completionTokens()).isEqualTo(tokens);
    }

    @Test
    void stopSequenceEndsATextOfAFormatToo() throws Exception {
        Recording recording = generated(prompt(withSchema("{\"const\":{\"a\":1}}"), null, 100, "\":"));

        assertThat(recording.text()).isEqualTo("{\"a");
        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void formatThatIsNotSupportedIsRefusedBeforeTheGenerationIsAccepted() {
        assertRefused(
                withSchema("{\"type\":\"object\",\"properties\":{\"x\":{\"not\":{}}}}"),
                "responseFormat.schema.properties.x.not: unknown keyword");
        assertRefused("{\"response_format\":{\"type\":\"xml\"}}", "responseFormat.type: ");
    }

    private void assertRefused(String options, String message) {
        assertThatThrownBy(() -> rig.prepare(prompt(options, 1L, 10)))
                .isInstanceOfSatisfying(GenerationException.class, refusal -> {
                    Failure failure = refusal.failure();
                    assertThat(failure.param()).isEqualTo("responseFormat");
                    assertThat(failure.message()).startsWith(message);
                });
    }
}
