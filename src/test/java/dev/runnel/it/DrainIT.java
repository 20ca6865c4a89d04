package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.it.DrainRun.Plan;
import dev.runnel.it.DrainRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node can be restarted without cutting a stream. A stream that has to be cut ends with an error that says so. */
class DrainIT {

    private static final int STREAMS = 200;
    private static final int ANSWERS = STREAMS / 10;

    @TempDir
    Path data;

    @RepeatedTest(3)
    void everyStreamEndsByItselfWithinTheDrainTime() {
        Result result = DrainRun.run(new Plan(STREAMS, 20, "50ms", "30s"), data);

        assertThat(result.problems()).isEmpty();
        assertThat(result.finished()).isEqualTo(STREAMS + ANSWERS);
        assertThat(result.exitStatus()).isZero();
        assertThat(result.notReady()).isTrue();
        assertThat(result.refused()).isPositive();
        assertThat(result.idleClosedFirst())
                .as("an idle connection is closed at once")
                .isTrue();
    }

    @RepeatedTest(2)
    void whatIsLeftAfterTheDrainTimeIsAskedToComeBack() {
        Result result = DrainRun.run(new Plan(STREAMS, 4096, "50ms", "3s"), data);

        assertThat(result.problems()).isEmpty();
        assertThat(result.toldToComeBack()).isEqualTo(STREAMS + ANSWERS);
        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.notReady()).isTrue();
        assertThat(result.refused()).isPositive();
    }

    @Test
    @Timeout(60)
    void idleServiceEndsAtOnceWithStatusZeroBySigintToo() throws Exception {
        Path config = Files.writeString(data.resolve("idle.yaml"), """
                http: { port: 0 }
                management: { port: 0 }
                defaultModel: scripted
                models: [ { name: scripted, engine: scripted } ]
                """);

        for (String signal : new String[] {"TERM", "INT"}) {
            try (JarProcess process =
                    JarProcess.serve(RunningService.environment(data), "--config", config.toString())) {
                process.awaitPorts();
                process.signal(signal);
                process.signal(signal);
                assertThat(process.exitStatus()).as(signal).isZero();
                assertThat(process.err()).contains("stopped").doesNotContain("Exception");
            }
        }
    }

    @Test
    @Timeout(60)
    void signalDuringTheStartEndsItWithStatusZeroAndEndsItsFetch() throws Exception {
        Path pip = script(data.resolve("bin/python3"), """
                #!/bin/sh
                case "$*" in *--version*) exit 0 ;; esac
                echo $$ >> %s
                exec sleep 300
                """.formatted(pids()));
        Map<String, String> environment = Map.of(
                "RUNNEL_DATA",
                data.toString(),
                "RUNNEL_HTTP_PORT",
                "0",
                "RUNNEL_MANAGEMENT_PORT",
                "0",
                "PATH",
                pip.getParent() + ":" + System.getenv("PATH"));

        try (JarProcess process = JarProcess.serve(environment)) {
            process.awaitFile(pids());
            // Within the test's limit, which is far from what the fetch would take.
            assertThat(process.terminate()).isZero();
        }
        for (String pid : Files.readAllLines(pids())) {
            assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
    }

    private Path pids() {
        return data.resolve("pids");
    }

    private static Path script(Path file, String text) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
