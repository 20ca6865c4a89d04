package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged model files in llama.cpp itself, in a process of their own, which one of them might end. */
class HostileModelTest {

    private static final int MUTATIONS = 200;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"BUNDLED, LLAMA", "V040, LLAMA", "V040, GPT_OSS"})
    void noDamagedModelEndsTheProcess(TestedLibrary library, TinyArchitecture architecture) throws Exception {
        library.config();
        Path log = folder.resolve("log");
        Process process = HostileModels.start(library, architecture, folder, MUTATIONS, log);
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();

        List<String> lines = Files.readAllLines(log);
        assertThat(ended).as("ended after %s", lines.get(lines.size() - 1)).isTrue();
        assertThat(process.exitValue())
                .as("after %s", lines.get(lines.size() - 1))
                .isZero();
        assertThat(lines).hasSize(2 * MUTATIONS);
        assertThat(lines.stream().filter(line -> line.contains(" generates "))).isNotEmpty();
        assertThat(lines.stream().filter(line -> line.contains(" refused: "))).isNotEmpty();
    }
}
