package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OpenAI-compatible server that others wrote, in a process of its own: the npm package {@code @copilotkit/aimock},
 * which {@code .ci/run} installs under {@code target/aimock}.
 */
public final class Aimock implements AutoCloseable {

    private static final Path SCRIPT = Path.of("target/aimock/node_modules/@copilotkit/aimock/dist/cli.js");
    private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");

    private final Process process;
    private final String url;

    /**
     * Starts it on any free port.
     *
     * @param directory for the file with what it answers
     * @param fixtures what it answers
     */
    public Aimock(Path directory, JsonArray fixtures, String... options) throws IOException {
        Path file = Files.writeString(
                directory.resolve("fixtures.json"),
                new JsonObject().put("fixtures", fixtures).encode());
        List<String> command = new ArrayList<>(List.of("node", SCRIPT.toString(), "-p", "0", "-f", file.toString()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        url = address(process.inputReader()) + "/v1";
    }

    /** Skips the test that calls it, or fails it where {@code CI} is set, unless the server is installed. */
    public static void need() throws InterruptedException {
        if (!Files.exists(SCRIPT)) {
            missing("npm install --prefix target/aimock @copilotkit/aimock was not run");
        }
        try {
            new ProcessBuilder("node", "--version").start().waitFor();
        } catch (IOException e) {
            missing("there is no node");
        }
    }

    private static void missing(String reason) {
        if (System.getenv("CI") != null) {
            fail(reason);
        }
        abort(reason);
    }

    private static String address(BufferedReader output) throws IOException {
        StringBuilder printed = new StringBuilder();
        String line;
        while ((line = output.readLine()) != null) {
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
            printed.append(line).append('\n');
        }
        throw new AssertionError("the server ended: " + printed);
    }

    /** The root of its API. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
