package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig.Choice;
import dev.runnel.model.NpmPackage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The npm package for each machine, most of which run no tests. */
class NativePackageTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, CPU, linux-x64",
        "Linux, amd64, AUTO, linux-x64",
        "Linux, amd64, VULKAN, linux-x64-vulkan",
        "Linux, amd64, CUDA, linux-x64-cuda",
        "Linux, aarch64, CPU, linux-arm64",
        "Mac OS X, x86_64, AUTO, mac-x64",
        "Mac OS X, aarch64, AUTO, mac-arm64-metal",
        "Mac OS X, aarch64, CPU, mac-arm64-metal",
        "Windows 11, amd64, AUTO, win-x64",
        "Windows 11, amd64, VULKAN, win-x64-vulkan",
        "Windows 11, amd64, CUDA, win-x64-cuda",
        "Windows 11, aarch64, AUTO, win-arm64"
    })
    void machineAndChoiceHaveAPackage(String os, String arch, Choice natives, String name) throws Exception {
        NpmPackage found = NativePackage.of(Platform.of(os, arch), natives);

        assertThat(found.name()).isEqualTo(name);
        assertThat(found.version()).isEqualTo("3.21.1");
        assertThat(found.folder()).isEqualTo("bins/" + name);
        assertThat(found.sha256()).matches("[0-9a-f]{64}");
        assertThat(found.bytes()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, aarch64, VULKAN, vulkan, Linux/aarch64",
        "Mac OS X, aarch64, CUDA, cuda, Mac/aarch64",
        "Mac OS X, x86_64, VULKAN, vulkan, Mac/x86_64",
        "Windows 11, aarch64, CUDA, cuda, Windows/aarch64"
    })
    void choiceWithoutAPackageIsRefusedInOneLine(String os, String arch, Choice natives, String word, String machine) {
        assertThatThrownBy(() -> NativePackage.of(Platform.of(os, arch), natives))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessage("llama.natives: " + word + " (expected: auto, cpu, or a folder on " + machine
                        + ", for which there is no such npm package)");
    }
}
