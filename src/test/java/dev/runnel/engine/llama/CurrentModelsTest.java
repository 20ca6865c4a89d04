package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.HeldText;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Architectures of 2025 and 2026, as tiny models with random weights. */
@ExtendWith(VertxExtension.class)
class CurrentModelsTest {

    private static final Sampling GREEDY = new Sampling(0.0, null, null, null, null, null, List.of());
    private static final Sampling RANDOM = new Sampling(1.0, null, null, null, null, null, List.of());

    private final Vertx vertx;

    @TempDir
    Path directory;

    CurrentModelsTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @ParameterizedTest
    @EnumSource
    void textsThatRunTogetherAreTheSameAsAlone(TinyArchitecture architecture) throws Exception {
        try (var rig = rig(architecture, TestedLibrary.V040)) {
            Prompt prompt = prompt("y".repeat(150), GREEDY, 20);
            String alone = ended(rig.start(prompt)).text();

            for (Recording recording : rig.startAll(prompt, Integer.MAX_VALUE)) {
                assertThat(ended(recording).text()).isEqualTo(alone);
            }
            assertThat(use(rig, true).usedCells()).isEqualTo(use(rig, false).prefixCells());
        }
    }

    @ParameterizedTest
    @EnumSource
    void startOfALongTextIsSharedIfTheModelStillHasIt(TinyArchitecture architecture) throws Exception {
        try (var rig = rig(architecture, TestedLibrary.V040)) {
            ended(rig.start(prompt("z".repeat(200) + "a", RANDOM, 10)));
            int kept = use(rig, false).usedCells();

            ended(rig.start(prompt("z".repeat(200) + "b", RANDOM, 10)));

            int more = use(rig, false).usedCells() - kept;
            // The prefix of all prompts is shared in any case.
            int rest = architecture.sharesParts() ? 0 : 200;
            assertThat(more).isBetween(rest + 20, rest + 25);
        }
    }

    @Test
    void modelsOfBothLibrariesRunInOneProcessAtOnce() throws Exception {
        TestedLibrary.V040.config();
        var environment = new EngineEnvironment(
                vertx, TestedLibrary.DATA, LlamaConfig.AUTO, EngineListener.SILENT, model -> HeldText.UNCOUNTED);
        var models = List.of(named(TinyArchitecture.LLAMA), named(TinyArchitecture.QWEN3));
        Map<String, Engine> engines = new LlamaProvider().create(models, environment);
        try (var old = new EngineRig(vertx, engines.get("llama"));
                var current = new EngineRig(vertx, engines.get("qwen3"))) {
            Recording first = old.start(prompt("x", GREEDY, 300));
            Recording second = current.start(prompt("x", GREEDY, 300));

            assertThat(ended(first).tokens()).isEqualTo(300);
            assertThat(ended(second).tokens()).isEqualTo(300);
        }
    }

    private ModelConfig named(TinyArchitecture architecture) throws IOException {
        String name = architecture.key();
        ModelConfig tiny = TinyModel.config(TinyModel.write(directory.resolve(name + ".gguf"), architecture));
        return new ModelConfig(name, tiny.engine(), tiny.template(), null, tiny.sampling(), tiny.settings());
    }

    @Test
    void libraryInTheJarRefusesALaterArchitectureInOneLine() throws Exception {
        LlamaLibrary library = NativeLlama.bundled(directory);
        Path file = TinyModel.write(directory.resolve("tiny.gguf"), TinyArchitecture.QWEN3);

        assertThatThrownBy(() -> LlamaModel.load(file, library))
                .hasMessageContaining("unknown model architecture: 'qwen3'")
                .hasMessageNotContaining("\n");
    }

    private EngineRig rig(TinyArchitecture architecture, TestedLibrary library) throws Exception {
        Path file = TinyModel.write(directory.resolve("tiny.gguf"), architecture);
        return TinyModel.open(vertx, TinyModel.config(file), directory, library);
    }

    private static CacheUse use(EngineRig rig, boolean dropKept) throws TimeoutException {
        return rig.onLoop(() -> ((LlamaEngine) rig.engine()).use(dropKept));
    }

    private static Prompt prompt(String text, Sampling sampling, int maxTokens) {
        return new Prompt(List.of(Turn.user(text)), sampling, maxTokens, false);
    }

    private static Recording ended(Recording recording) throws TimeoutException {
        recording.completion();
        assertThat(recording.breaches()).isEmpty();
        return recording;
    }
}
