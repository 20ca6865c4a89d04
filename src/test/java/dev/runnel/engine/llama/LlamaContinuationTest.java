package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Cuts;
import dev.runnel.engine.EngineContract;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A text that goes on after its tokens, on a model whose text is half not UTF-8. */
@ParameterizedClass
@EnumSource(TestedLibrary.class)
@ExtendWith(VertxExtension.class)
class LlamaContinuationTest {

    private final TestedLibrary library;

    @AutoClose
    private EngineRig rig;

    LlamaContinuationTest(TestedLibrary library) {
        this.library = library;
    }

    @BeforeEach
    void open(Vertx vertx, @TempDir Path directory) throws Exception {
        ModelConfig config = TinyModel.config(TinyModel.write(directory.resolve("tiny.gguf")));
        rig = TinyModel.open(vertx, config, directory, library);
    }

    private static Prompt prompt(String text, int maxTokens, Sampling sampling, String options) {
        return new Prompt(List.of(Turn.user(text)), sampling, maxTokens, false, options);
    }

    private static Sampling greedy(double penalty) {
        return new Sampling(0.0, null, null, null, penalty, penalty, List.of());
    }

    @Test
    void textIsTheSameAfterACutAtEachToken() throws Exception {
        EngineContract.assertGoesOn(rig, prompt("Tell me a story", 120, greedy(0), ""));
    }

    @Test
    void penaltiesCountTheTokensBefore() throws Exception {
        EngineContract.assertGoesOn(rig, prompt("Tell me a story", 60, greedy(1.5), ""));
    }

    @Test
    void formatGoesOnWhereItWasCut() throws Exception {
        EngineContract.assertGoesOn(
                rig, prompt("Tell me a story", 60, greedy(0), "{\"response_format\":{\"type\":\"json_object\"}}"));
    }

    @Test
    void textWithoutIdsIsTokenized() throws Exception {
        Prompt prompt = prompt("Tell me a story", 60, greedy(0), "");
        List<TextSoFar> cuts = Cuts.of(rig, prompt).all();
        TextSoFar last = cuts.get(cuts.size() / 2);

        Recording rest = rig.start(prompt.after(new TextSoFar(last.text(), TokenIds.NONE, last.tokens())));

        assertThat(rest.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(rest.completion().usage().completionTokens()).isEqualTo(60);
        assertThat(rest.tokens()).isEqualTo(60 - last.tokens());
    }

    @Test
    void promptTokensCountOnce() throws Exception {
        Prompt prompt = prompt("Tell me a story", 20, greedy(0), "");
        Cuts whole = Cuts.of(rig, prompt);

        Recording rest = rig.start(prompt.after(whole.all().get(3)));

        assertThat(rest.completion().usage()).isEqualTo(whole.completion().usage());
    }

    @Test
    void allTokensWereGeneratedBefore() throws Exception {
        Prompt prompt = prompt("Tell me a story", 5, greedy(0), "");
        TextSoFar all = new TextSoFar(
                "aaaaa", TokenIds.of(List.of(tokenOf('a'), tokenOf('a'), tokenOf('a'), tokenOf('a'), tokenOf('a'))), 5);

        Recording rest = rig.start(prompt.after(all));

        assertThat(rest.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(rest.completion().usage().completionTokens()).isEqualTo(5);
        assertThat(rest.pieces()).isZero();
    }

    /** The bytes follow the four control tokens. */
    private static int tokenOf(char ascii) {
        return 4 + ascii;
    }

    @Test
    void idsOfAnotherModelAreRefused() {
        assertRefused(new TextSoFar("text", TokenIds.of(List.of(1 << 20)), 1));
        assertRefused(new TextSoFar("text", TokenIds.of(List.of(-1)), 1));
        assertRefused(new TextSoFar("text", TokenIds.of(List.of(tokenOf('x'))), 1));
    }

    private void assertRefused(TextSoFar text) {
        Prompt prompt = prompt("Tell me a story", 20, greedy(0), "");
        assertThatThrownBy(() -> rig.prepare(prompt.after(text)))
                .isInstanceOfSatisfying(GenerationException.class, refusal -> {
                    assertThat(refusal.failure().code()).isEqualTo(FailureCode.INVALID_REQUEST);
                    assertThat(refusal.failure().message()).doesNotContain("text\"");
                });
    }

    @Test
    void drawnTokensFollowTheTextThatWasSent() throws Exception {
        var sampling = new Sampling(1.0, null, null, 7L, null, null, List.of());
        Prompt prompt = prompt("Tell me a story", 40, sampling, "");
        for (TextSoFar cut : Cuts.of(rig, prompt).all()) {
            Recording rest = rig.start(prompt.after(cut));

            assertThat(rest.completion().usage().completionTokens()).isEqualTo(40);
            assertThat(rest.breaches()).isEmpty();
        }
    }
}
