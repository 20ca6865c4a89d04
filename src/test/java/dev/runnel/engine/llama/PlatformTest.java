package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, Linux/x86_64",
        "Linux, aarch64, Linux/aarch64",
        "Mac OS X, x86_64, Mac/x86_64",
        "Mac OS X, aarch64, Mac/aarch64"
    })
    void machinesThatTheJarHasALibraryForAreKnown(String os, String arch, String folder) throws Exception {
        assertThat(Platform.of(os, arch).folder()).isEqualTo(folder);
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64, Windows/x86_64", "Windows Server 2025, aarch64, Windows/aarch64"})
    void windowsIsKnownButTheJarHasNoLibraryForIt(String os, String arch, String folder) throws Exception {
        Platform platform = Platform.of(os, arch);

        assertThat(platform.folder()).isEqualTo(folder);
        assertThatThrownBy(() -> NativeFile.extract(platform, Path.of("unused")))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessage("llama.cpp's library for " + folder
                        + " is not in the jar (expected: llama.natives: auto, cpu, vulkan, cuda, or a folder)");
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, x86", "Linux, riscv64", "FreeBSD, amd64"})
    void otherMachinesAreRefusedInOneLine(String os, String arch) {
        assertThatThrownBy(() -> Platform.of(os, arch))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageContaining(os + " on " + arch)
                .hasMessageContaining("engine: openai");
    }

    @Test
    void cpuWithoutTheNeededFlagsIsRefused() {
        String old = "processor\t: 0\nflags\t\t: fpu sse4_2 avx f16c\nprocessor\t: 1\nflags\t\t: fpu avx2 fma\n";

        assertThatThrownBy(() -> Platform.checkCpuFlags(old)).hasMessageContaining("lacks avx2, fma;");
        assertThatCode(() -> Platform.checkCpuFlags("flags\t\t: fma avx2 f16c avx512f\n"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.34", "2.36", "2.41.9000"})
    void newGlibcIsAccepted(String version) {
        assertThatCode(() -> Platform.checkGlibc(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"2.31, glibc 2.31", "1.34, glibc 1.34", "'', another C library", "x, glibc x"})
    void oldGlibcAndOtherLibrariesAreRefusedInOneLine(String version, String inWords) {
        assertThatThrownBy(() -> Platform.checkGlibc(version))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageContaining("needs glibc 2.34 or later, and this system has " + inWords + ";")
                .hasMessageContaining("llama.natives: bundled");
    }

    @Test
    void libraryAppearsWholeAndIsCheckedBeforeItIsUsedAgain(@TempDir Path directory) throws Exception {
        Platform platform = new Platform("Linux/x86_64", "libjllama.so");
        Path first = NativeFile.extract(platform, directory.resolve("native"));
        byte[] library = Files.readAllBytes(first);

        Files.write(first, new byte[] {1, 2, 3});
        Path second = NativeFile.extract(platform, directory.resolve("native"));

        assertThat(second).isEqualTo(first);
        assertThat(Files.readAllBytes(second)).isEqualTo(library);
        try (Stream<Path> files = Files.list(first.getParent())) {
            assertThat(files).as("nothing half is left").containsExactly(first);
        }
    }
}
