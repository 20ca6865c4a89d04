package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engine in front of an OpenAI-compatible server that others wrote: the npm package {@code @copilotkit/aimock},
 * which {@code .ci/run} installs under {@code target/aimock}.
 */
@ExtendWith(VertxExtension.class)
class AimockTest {

    private static final Path SCRIPT = Path.of("target/aimock/node_modules/@copilotkit/aimock/dist/cli.js");
    private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
    private static final String TEXT = "Once upon a \"time\" 😀 there\nwas \\ a\u2028 river";

    @TempDir
    private Path directory;

    private final Vertx vertx;

    AimockTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @BeforeAll
    static void look() throws Exception {
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

    /** With one UTF-16 unit in each event, surrogate pairs are split over two. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "7, true"})
    void textAndUsageComeThrough(int unitsPerEvent, boolean includeUsage) throws Exception {
        try (var server = new Server("-c", String.valueOf(unitsPerEvent));
                var rig = new Rig(vertx, Rig.model(Map.of("includeUsage", includeUsage), server.url))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.completion().usage().estimated()).isEqualTo(!includeUsage);
            assertThat(recording.completion().usage().completionTokens()).isPositive();
            assertThat(recording.text()).isEqualTo(TEXT);
            assertThat(recording.breaches()).isEmpty();
            rig.complete();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--chaos-drop, UPSTREAM_FAILED",
        "--chaos-malformed, UPSTREAM_FAILED",
        "--chaos-disconnect, UPSTREAM_FAILED",
        "--chaos-ratelimit, UPSTREAM_OVERLOADED"
    })
    void mishapBecomesItsFailure(String mishap, FailureCode code) throws Exception {
        try (var server = new Server(mishap, "1");
                var rig = new Rig(vertx, Rig.model(server.url))) {
            assertThat(rig.fail().code()).isEqualTo(code);
        }
    }

    @Test
    void notFoundIsAFailure() throws Exception {
        var prompt = new Prompt(List.of(Turn.user("What is that?")), Sampling.UNSET, 16, false);
        try (var server = new Server();
                var rig = new Rig(vertx, Rig.model(server.url))) {
            Recording recording = rig.start(prompt, Integer.MAX_VALUE);

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(rig.reports()).anyMatch(line -> line.endsWith(" DENIED"));
        }
    }

    @Test
    void cancelStopsIt() throws Exception {
        try (var server = new Server("-c", "1", "-l", "20");
                var rig = new Rig(vertx, Rig.model(server.url))) {
            Recording recording = rig.start(Rig.PROMPT, 3);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(TEXT).startsWith(recording.text());
            assertThat(recording.breaches()).isEmpty();
        }
    }

    /** The server in a process of its own, on any free port. */
    private final class Server implements AutoCloseable {

        private final Process process;
        private final String url;

        Server(String... options) throws IOException {
            JsonObject story = new JsonObject()
                    .put("match", new JsonObject().put("userMessage", "story"))
                    .put("response", new JsonObject().put("content", TEXT));
            String fixtures =
                    new JsonObject().put("fixtures", new JsonArray().add(story)).encode();
            Path file = Files.writeString(directory.resolve("fixtures.json"), fixtures);
            List<String> command =
                    new ArrayList<>(List.of("node", SCRIPT.toString(), "-p", "0", "-f", file.toString()));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            url = address(process.inputReader()) + "/v1";
        }

        private String address(BufferedReader output) throws IOException {
            StringBuilder said = new StringBuilder();
            String line;
            while ((line = output.readLine()) != null) {
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    return matcher.group(1);
                }
                said.append(line).append('\n');
            }
            throw new AssertionError("the server ended: " + said);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
