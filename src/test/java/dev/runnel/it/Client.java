package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that uses the service, run to its end. */
record Client(String url, String key) {

    /** Runs it and returns what it printed. */
    String run(String... command) throws IOException, InterruptedException {
        Path err = Files.createTempFile("client", ".err");
        ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectError(err.toFile());
        builder.environment().put("RUNNEL_URL", url);
        builder.environment().put("RUNNEL_KEY", key);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        return out;
    }
}
