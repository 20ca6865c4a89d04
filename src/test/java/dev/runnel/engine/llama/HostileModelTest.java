package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged model files in llama.cpp itself, in a process of their own, which one of them might end. */
class HostileModelTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void noDamagedModelEndsTheProcess(TestedLibrary library) throws Exception {
        library.config();
        Path log = folder.resolve("log");
        Process process = HostileModels.start(library, folder, log);
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();

        List<String> lines = Files.readAllLines(log);
        assertThat(ended).as("ended after %s", lines.get(lines.size() - 1)).isTrue();
        assertThat(process.exitValue())
                .as("after %s", lines.get(lines.size() - 1))
                .isZero();
        assertThat(lines).allMatch(line -> line.matches("\\w+ \\d+ (starts|generates .*|refused: .*)"));
        for (TinyArchitecture architecture : HostileModels.architectures(library)) {
            List<String> mine = lines.stream()
                    .filter(line -> line.startsWith(architecture + " "))
                    .toList();
            assertThat(mine).hasSizeGreaterThan(2 * (HostileModels.mutations(architecture) + 100));
            assertThat(mine.stream().filter(line -> line.contains(" generates ")))
                    .isNotEmpty();
            assertThat(mine.stream().filter(line -> line.contains(" refused: ")))
                    .isNotEmpty();
        }
    }
}
