package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools of those who run such files say of them. */
class ConfFilesIT {

    @TempDir
    Path folder;

    private String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.onExit().join().exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void systemdUnderstandsTheUnit() throws Exception {
        Needed.program("systemd-analyze", "systemd-analyze", "--version");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String unit = Files.readString(Path.of("conf/systemd/runnel.service")).replace("/usr/bin/java", java);
        Path file = Files.writeString(folder.resolve("runnel.service"), unit);

        assertThat(output(List.of("systemd-analyze", "verify", file.toString())))
                .isEmpty();
    }

    /** Which may be one without the option of the AOT cache. */
    @Test
    void optionsOfTheUnitAreKnownToThisJvm() throws Exception {
        String unit = Files.readString(Path.of("conf/systemd/runnel.service")).replace("\\\n", " ");
        String start = unit.lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        List<String> options = Stream.of(start.split("\\s+"))
                .filter(word -> word.startsWith("-X"))
                .toList();

        try (JarProcess version = JarProcess.run(Jdk.ofTheJar(), options, Map.of(), "--version")) {
            assertThat(version.exitStatus()).as(version.err()).isZero();
            assertThat(options).hasSize(5);
            NewJdkIT.assertNoWarningOfTheJvm(version.out() + version.err());
        }
    }

    @Test
    void filesForKubernetesKeepItsSchema() throws Exception {
        Needed.program("the Python package kubernetes-validate", "python3", "-c", "import kubernetes_validate");
        List<String> command = new ArrayList<>(List.of("python3", "-m", "kubernetes_validate", "--strict", "--quiet"));
        try (Stream<Path> files = Files.list(Path.of("conf/kubernetes"))) {
            files.map(Path::toString)
                    .filter(name -> !name.endsWith("kustomization.yaml"))
                    .forEach(command::add);
        }

        assertThat(output(command)).isEmpty();
    }
}
