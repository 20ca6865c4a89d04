package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that uses the service. What it prints goes to files. */
final class ClientRun {

    private static final int LONGEST_SECONDS = 120;

    private final Process process;
    private final Path out;
    private final Path err;

    /** What it printed, and its exit status. */
    record Ended(int status, String out, String err) {}

    private ClientRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static ClientRun start(Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile("client", ".out");
        Path err = Files.createTempFile("client", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        return new ClientRun(builder.start(), out, err);
    }

    /** A command as a terminal runs it: in a process group of its own, which Ctrl-C ends. */
    static List<String> inTerminal(List<String> command) {
        List<String> all = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
        all.addAll(command);
        return all;
    }

    /** Waits until it has printed something. */
    void awaitText() {
        await().atMost(LONGEST_SECONDS, TimeUnit.SECONDS).until(() -> Files.size(out) > 0);
    }

    /** What Ctrl-C does in the terminal of {@link #inTerminal}. */
    void interrupt() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-INT", "--", "-" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits for its end. */
    Ended end() throws IOException, InterruptedException {
        try {
            assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .as("ended; its errors: %s", Files.readString(err))
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }
}
