package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig;
import dev.runnel.model.PackageStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library a model gets, without a registry. */
class NativesTest {

    @TempDir
    Path directory;

    @Test
    void modelOfAKnownArchitectureGetsTheLibraryInTheJar() throws Exception {
        Path known = TinyModel.write(directory.resolve("known.gguf"));

        assertThat(natives(LlamaConfig.AUTO).folder("m", known)).isEmpty();
        assertThat(directory.resolve("native")).doesNotExist();
    }

    @Test
    void modelOfALaterArchitectureIsRefusedInOneLineIfNothingCanBeFetched() throws Exception {
        Path later = TinyModel.write(directory.resolve("later.gguf"), TinyArchitecture.QWEN3);

        assertThatThrownBy(() -> natives(LlamaConfig.AUTO).folder("m", later))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageStartingWith("llama.cpp b4916 in the jar does not know the architecture qwen3, and v0.4.0 is"
                        + " not available: m: no source has its file (https://localhost:1/@node-llama-cpp/")
                .hasMessageContaining("package.tgz")
                .hasMessageNotContaining("\n");
    }

    @Test
    void damagedFileIsLeftToTheLoader() throws Exception {
        Path damaged = Files.writeString(directory.resolve("damaged.gguf"), "GGUF");

        assertThat(natives(LlamaConfig.AUTO).folder("m", damaged)).isEmpty();
    }

    @Test
    void configurationDecidesForEveryModel() throws Exception {
        Path known = TinyModel.write(directory.resolve("known.gguf"));
        Path later = TinyModel.write(directory.resolve("later.gguf"), TinyArchitecture.QWEN3);

        assertThat(natives(LlamaConfig.BUNDLED).folder("m", later)).isEmpty();
        assertThat(natives(LlamaConfig.of(directory)).folder("m", known)).contains(directory);
    }

    @Test
    void libraryInTheJarKnowsEachArchitectureOfTheList() throws Exception {
        LlamaLibrary library = NativeLlama.bundled(directory);

        for (String architecture : Natives.BUNDLED_ARCHITECTURES) {
            assertThatThrownBy(() -> LlamaModel.load(empty(architecture), library))
                    .as(architecture)
                    .hasMessageNotContaining("unknown model architecture");
        }
        assertThatThrownBy(() -> LlamaModel.load(empty("qwen3"), library))
                .hasMessageContaining("unknown model architecture");
    }

    private Path empty(String architecture) throws Exception {
        Path file = directory.resolve(architecture + ".gguf");
        new GgufWriter().text("general.architecture", architecture).write(file);
        return file;
    }

    private Natives natives(LlamaConfig config) {
        return new Natives(config, PackageStores.unreachable(directory));
    }
}
