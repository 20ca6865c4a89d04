package dev.runnel.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A command of the packaged jar on a pseudo-terminal, driven by {@code src/test/python/terminal.py}. */
final class TerminalRun {

    private static final Path DRIVER = Path.of("src", "test", "python", "terminal.py");

    private final JsonArray steps = new JsonArray();
    private final Map<String, String> environment;
    private final List<String> command;

    /** What it wrote, and how it ended. */
    record Result(int status, String text, String driver) {}

    TerminalRun(Map<String, String> environment, List<String> command) {
        this.environment = environment;
        this.command = command;
    }

    /** Waits for a text, after the one before. */
    TerminalRun expect(String text) {
        steps.add(new JsonObject().put("expect", text));
        return this;
    }

    TerminalRun enter(String text) {
        steps.add(new JsonObject().put("enter", text));
        return this;
    }

    TerminalRun resize(int rows, int columns) {
        steps.add(new JsonObject().put("resize", new JsonArray().add(rows).add(columns)));
        return this;
    }

    Result run() throws Exception {
        Path output = Files.createTempFile("terminal", ".out");
        JsonObject task = new JsonObject()
                .put("command", new JsonArray(command))
                .put("environment", new JsonObject(Map.copyOf(environment)))
                .put("steps", steps)
                .put("output", output.toString());
        ProcessBuilder builder =
                new ProcessBuilder("python3", DRIVER.toString()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
        Process driver = builder.start();
        try (var in = driver.getOutputStream()) {
            in.write(task.encode().getBytes(StandardCharsets.UTF_8));
        }
        String complaint = new String(driver.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = driver.waitFor();
        return new Result(status, text(output), complaint);
    }

    private static String text(Path output) throws IOException {
        return Files.readString(output);
    }
}
