package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {

    @TempDir
    Path folder;

    @Test
    void libraryIsFoundAmongTheOtherFiles() throws Exception {
        for (String name : new String[] {"libllama-common.so", "libggml.v0.4.0.so", "llama-addon.node", "LICENSE"}) {
            Files.createFile(folder.resolve(name));
        }
        Path library = Files.createFile(folder.resolve("libllama.v0.4.0.so"));

        assertThat(NativeFolder.of(folder).library()).isEqualTo(library);
    }

    @Test
    void folderWithoutALibraryOrWithTwoIsRefusedInOneLine() throws Exception {
        assertRefused(folder, folder + " has 0 libraries of llama.cpp (expected: one file libllama.*");
        Files.createFile(folder.resolve("libllama.v0.4.0.so"));
        Files.createFile(folder.resolve("libllama.v0.5.0.so"));
        assertRefused(folder, folder + " has 2 libraries");
        assertRefused(folder.resolve("nowhere"), "nowhere cannot be read (expected: a folder");
    }

    private static void assertRefused(Path folder, String line) {
        assertThatThrownBy(() -> NativeFolder.of(folder))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageContaining(line)
                .hasMessageNotContaining("\n");
    }
}
