package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first minutes of an operator: no configuration, an empty data directory, and the line that was printed. */
class FirstStartIT {

    /** With its continued lines. More lines may follow. */
    private static final Pattern CURL = Pattern.compile("curl -N (?:.*\\\\\n)*.*");

    @TempDir
    Path data;

    @Test
    void firstStartFetchesTheModelAndPrintsALineThatWorks() throws Exception {
        Needed.program("pip", "python3", "-m", "pip", "--version");
        Needed.program("curl", "curl", "--version");
        Map<String, String> environment =
                Map.of("RUNNEL_DATA", data.toString(), "RUNNEL_HTTP_PORT", "0", "RUNNEL_MANAGEMENT_PORT", "0");

        try (JarProcess first = JarProcess.serve(environment)) {
            first.awaitPorts();
            Streamed streamed = pasteCurlLine(first.out());
            assertThat(first.out())
                    .containsPattern("(?m)^http://127\\.0\\.0\\.1:[0-9]+/#key=(eyJ\\S+)$[^$]+Bearer \\1'");

            assertThat(streamed.text()).isNotBlank();
            assertThat(first.err()).contains("smollm2-135m-instruct [", "100 %", "98.4 of 98.4 MB", "MB/s");
            assertThat(first.terminate()).isZero();
        }
        Map<String, String> shortLived = new HashMap<>(environment);
        shortLived.put("RUNNEL_AUTH_MAX_LIFETIME", "12h");
        // The first start has waited for it.
        shortLived.put("RUNNEL_WARM_UP_DURATION", "0s");
        try (JarProcess second = JarProcess.serve(shortLived)) {
            second.awaitPorts();

            assertThat(pasteCurlLine(second.out()).text()).isNotBlank();
            assertThat(second.err()).doesNotContain("MB/s");
            assertThat(second.terminate()).isZero();
        }
        try (var left = Files.walk(data)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    private static Streamed pasteCurlLine(String printed) throws Exception {
        Matcher command = CURL.matcher(printed);
        assertThat(command.find()).as(printed.replaceAll("eyJ\\S+", "…")).isTrue();
        String line = command.group();
        Process shell = new ProcessBuilder("bash", "-c", line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] body = shell.getInputStream().readAllBytes();
        assertThat(shell.waitFor())
                .as("of: %s", line.replaceAll("Bearer [^']+", "Bearer …"))
                .isZero();
        return StreamRules.check(body);
    }

    @Test
    void commandLineSaysWhatIsWrong() throws Exception {
        Path broken = Files.writeString(data.resolve("broken.yaml"), "http: { port: 70000, hots: x }\n");
        Map<String, String> environment = Map.of("RUNNEL_DATA", data.toString());

        try (JarProcess config = JarProcess.run(environment, "serve", "--config", broken.toString());
                JarProcess usage = JarProcess.run(environment, "serve", "--prot", "1")) {
            assertThat(config.exitStatus()).isEqualTo(1);
            assertThat(config.err())
                    .contains("http.port: 70000 (expected: 0 … 65535)", "did you mean host?")
                    .doesNotContain("Exception");
            assertThat(usage.exitStatus()).isEqualTo(2);
            assertThat(usage.err()).contains("--prot", "Usage: runnel serve");
        }
    }

    @Test
    void issuedKeyStandsAloneOnStandardOutput() throws Exception {
        Map<String, String> environment = Map.of("RUNNEL_DATA", data.toString());

        try (JarProcess issue = JarProcess.run(environment, "key", "issue", "--subject", "someone")) {
            assertThat(issue.exitStatus()).isZero();
            assertThat(new String(issue.out().getBytes(StandardCharsets.UTF_8), StandardCharsets.US_ASCII))
                    .matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\R");
        }
    }

    /** A program in the place of Python: as pip it downloads forever. */
    @Test
    void signalDuringAFetchEndsPip() throws Exception {
        Path programs = Files.createDirectory(data.resolve("programs"));
        Path pid = data.resolve("pip.pid");
        Path python = Files.writeString(programs.resolve("python3"), """
            #!/bin/sh
            case "$*" in *--version*) exit 0 ;; esac
            echo $$ > "$PIP_PID.part" && mv "$PIP_PID.part" "$PIP_PID"
            exec sleep 600
            """);
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = Map.of(
                "RUNNEL_DATA",
                data.toString(),
                "PATH",
                programs + ":" + System.getenv("PATH"),
                "PIP_PID",
                pid.toString());

        try (JarProcess serve =
                JarProcess.serve(environment, "--model", "pip:tiny-model==1.0/tiny.gguf", "--unchecked")) {
            serve.awaitFile(pid);
            long pip = Long.parseLong(Files.readString(pid).strip());
            assertThat(ProcessHandle.of(pip)).isPresent();

            assertThat(serve.terminate()).isZero();

            assertThat(ProcessHandle.of(pip).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }
}
