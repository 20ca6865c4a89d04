package dev.runnel.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotTrainingTest {

    private static final Duration LOAD = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("aot").resolve("cache.aot");
    }

    @Test
    void secondTrainingOfAFileIsRefusedWhileTheFirstRuns() throws Exception {
        AotTraining first = AotTraining.open(file);

        assertThatThrownBy(() -> AotTraining.open(file))
                .isInstanceOf(AotTrainingException.class)
                .hasMessageContaining("another process");
        first.close();

        AotTraining.open(file).close();
    }

    @Test
    void jvmThatEndsEarlyIsAFailureWithItsLastLinesAndLeavesNothing() throws Exception {
        List<String> steps = new ArrayList<>();
        Files.createDirectories(file.getParent());
        Files.writeString(file, "an older cache");

        try (AotTraining training = AotTraining.open(file)) {
            assertThatThrownBy(
                            () -> training.run(folder.resolve("no.jar"), List.of(), Optional.empty(), LOAD, steps::add))
                    .isInstanceOf(AotTrainingException.class)
                    .hasMessageContaining("status 1")
                    .hasMessageContaining("no.jar")
                    .hasMessageNotContaining("\n");
        }

        assertThat(steps).hasSize(1);
        assertThat(file).hasContent("an older cache");
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertThat(left).containsExactlyInAnyOrder(file, file.resolveSibling("cache.aot.lock"));
        }
    }

    @Test
    void whatAKilledTrainingLeftIsRemoved() throws Exception {
        Path left = file.resolveSibling("cache.aot.training").resolve("data").resolve("signing.secret");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "secret");

        AotTraining.open(file).close();

        assertThat(file.resolveSibling("cache.aot.training")).doesNotExist();
    }

    @Test
    void childHasTheOptionsOfThisJvmButThoseOfCachesAndAgents() {
        assertThat(AotTraining.inherited(List.of(
                        "-Xmx1g",
                        "-XX:AOTCache=x.aot",
                        "-XX:AOTMode=on",
                        "-XX:+UseSerialGC",
                        "-javaagent:x.jar",
                        "-agentlib:jdwp=x",
                        "-Xshare:auto",
                        "-Dx=y")))
                .containsExactly("-Xmx1g", "-XX:+UseSerialGC", "-Dx=y");
    }

    @Test
    void certificateIsOfTheLoopbackAddress() throws Exception {
        TrainingCertificate.writeTo(folder);

        assertThat(folder.resolve(TrainingCertificate.CERTIFICATE_FILE))
                .content()
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .endsWith("\n-----END CERTIFICATE-----\n");
        assertThat(folder.resolve(TrainingCertificate.KEY_FILE)).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
    }
}
