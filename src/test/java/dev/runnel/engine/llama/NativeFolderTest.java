package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {

    @TempDir
    Path folder;

    @Test
    void libraryIsFoundAmongTheOtherFiles() throws Exception {
        create("libllama-common.so", "libggml.v0.4.0.so", "llama-addon.node", "LICENSE");
        create("libggml-base.so", "libggml-cpu-haswell.so", "libllama.so.0", "libllama.v0.4.0.so");

        NativeFolder found = NativeFolder.of(folder, Choice.CPU);

        assertThat(found.library()).isEqualTo(folder.resolve("libllama.v0.4.0.so"));
        assertThat(found.base())
                .containsExactly(folder.resolve("libggml.v0.4.0.so"), folder.resolve("libggml-base.so"));
    }

    @Test
    void filesOfWindowsLackThePrefix() throws Exception {
        create("llama.dll", "ggml.dll", "ggml-base.dll", "ggml-cpu-x64.dll", "ggml-vulkan.dll", "llama-server.exe");

        NativeFolder found = NativeFolder.of(folder, Choice.VULKAN);

        assertThat(found.library()).isEqualTo(folder.resolve("llama.dll"));
        assertThat(found.base()).containsExactly(folder.resolve("ggml.dll"), folder.resolve("ggml-base.dll"));
    }

    @Test
    void folderWithoutALibraryOrWithTwoIsRefusedInOneLine() throws Exception {
        assertRefused(folder, folder + " has 0 libraries of llama.cpp (expected: one file libllama.*");
        create("libllama.v0.4.0.so", "libllama.v0.5.0.so");
        assertRefused(folder, folder + " has 2 libraries");
        assertRefused(folder.resolve("nowhere"), "nowhere cannot be read (expected: a folder");
    }

    @Test
    void halfASetIsRefusedInOneLine() throws Exception {
        create("libllama.so");
        assertRefused(folder, " has no library libggml-base (expected: all libraries of llama.cpp v0.4.0)");
        create("libggml-base.so");
        assertRefused(folder, " has no library libggml-cpu (expected");
        create("libggml-cpu.so");

        assertThat(NativeFolder.of(folder, Choice.CPU).folder()).isEqualTo(folder);
        assertThatThrownBy(() -> NativeFolder.of(folder, Choice.CUDA)).hasMessageContaining("no library libggml-cuda");
        assertThatThrownBy(() -> NativeFolder.of(folder, Choice.VULKAN)).hasMessageContaining("libggml-vulkan");
    }

    private void create(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
    }

    private static void assertRefused(Path folder, String line) {
        assertThatThrownBy(() -> NativeFolder.of(folder, Choice.FOLDER))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageContaining(line)
                .hasMessageNotContaining("\n");
    }
}
