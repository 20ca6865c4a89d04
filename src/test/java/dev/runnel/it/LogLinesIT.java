package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.Ports;
import dev.runnel.sse.HttpWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads on the standard error of the jar. */
class LogLinesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STREAM = "/v1/generate/stream";
    private static final String PROMPT = "Xylophonists-prompt";
    private static final String TEXT = "Quixotically-generated";
    private static final String ESC = "\u001b[2J";

    private static final String CONFIG = """
        http: { port: 0 }
        management: { port: 0 }
        warmUp: { duration: 1s }
        defaultModel: quick
        models:
          - { name: quick, engine: scripted, text: "%1$s text" }
          - { name: fails, engine: scripted, text: "%1$s text", failAfter: 1 }
          - { name: down, engine: openai, upstreams: [ { url: "http://127.0.0.1:1/v1", model: m } ] }
        """.formatted(TEXT);

    @TempDir
    Path data;

    private Map<String, String> environment;
    private String key;

    @BeforeEach
    void issueKey() throws IOException {
        environment = Map.of("RUNNEL_DATA", data.toString());
        try (JarProcess issue = JarProcess.run(environment, "key", "issue", "--subject", "ada")) {
            assertThat(issue.exitStatus()).as(issue.err()).isZero();
            key = issue.out().strip();
        }
    }

    private JarProcess serve(String log) throws IOException {
        Path file = Files.writeString(data.resolve("test.yaml"), CONFIG + log);
        return JarProcess.serve(environment, "--config", file.toString());
    }

    private static int send(Ports ports, String path, String key, String model, String... headers) {
        String body = "{\"prompt\":\"" + PROMPT + "\",\"maxTokens\":9,\"model\":\"" + model + "\"}";
        try (HttpWire wire = new HttpWire(ports.http())) {
            return wire.post(path, key, body, headers).answer().status();
        }
    }

    private static List<JsonNode> read(String err) {
        return err.lines().map(LogLinesIT::parsed).toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    private static List<JsonNode> of(List<JsonNode> lines, String logger) {
        return lines.stream()
                .filter(line -> line.get("logger").textValue().equals(logger))
                .toList();
    }

    private static JsonNode only(List<JsonNode> lines, String field, String value) {
        List<JsonNode> found = lines.stream()
                .filter(line -> line.get(field).textValue().equals(value))
                .toList();
        assertThat(found).as("lines with %s=%s of %s", field, value, lines).hasSize(1);
        return found.get(0);
    }

    @Test
    void jsonHasALineForEachGenerationAndEachRequest() throws IOException {
        String err;
        try (JarProcess process = serve("log: { format: json, access: true }\n")) {
            Ports ports = process.awaitPorts();
            assertThat(send(ports, STREAM, key, "quick", "X-Request-Id: mine-1"))
                    .isEqualTo(200);
            assertThat(send(ports, STREAM, key, "fails", "X-Request-Id: forged outcome=stop"))
                    .isEqualTo(200);
            try (HttpWire wire = new HttpWire(ports.http())) {
                String path = "/v1/" + ESC + key + "?key=" + key;
                wire.get(path, HttpWire.bearer(key));
                assertThat(wire.answer().status()).isGreaterThanOrEqualTo(400);
            }
            assertThat(process.terminate()).isZero();
            err = process.err();
        }

        List<JsonNode> lines = read(err);
        List<JsonNode> ended = of(lines, "dev.runnel.generation");
        List<JsonNode> access = of(lines, "dev.runnel.access");
        assertThat(ended).hasSize(2);
        assertThat(access).hasSize(3);

        // Successive requests may be on two event loops: their lines are in any order.
        JsonNode quick = only(ended, "request", "mine-1");
        assertIsFinished(quick);
        JsonNode fails = only(ended, "model", "fails");
        assertThat(fails.get("request").textValue()).startsWith("req_");
        assertThat(fails.get("outcome").textValue()).isEqualTo("failed");
        assertThat(fails.get("failure").textValue()).isEqualTo("engine_failed");

        JsonNode streamed = only(access, "request", "mine-1");
        assertThat(streamed.get("generation")).isEqualTo(quick.get("generation"));
        assertThat(streamed.get("key")).isEqualTo(quick.get("key"));
        assertThat(streamed.get("route").textValue()).isEqualTo(STREAM);
        assertThat(streamed.get("status").intValue()).isEqualTo(200);
        assertThat(only(access, "route", "none").get("bytes").intValue()).isPositive();
        assertNothingOfTheCallersIsIn(err);
    }

    private static void assertIsFinished(JsonNode generation) {
        assertThat(generation.get("level").textValue()).isEqualTo("INFO");
        assertThat(generation.get("generation").textValue()).startsWith("gen_");
        assertThat(generation.get("key").textValue()).startsWith("key_");
        assertThat(generation.get("model").textValue()).isEqualTo("quick");
        assertThat(generation.get("outcome").textValue()).isEqualTo("stop");
        assertThat(generation.get("promptTokens").intValue()).isPositive();
        assertThat(generation.get("completionTokens").intValue()).isPositive();
        for (String duration : List.of("queueMillis", "firstTokenMillis", "totalMillis")) {
            assertThat(generation.get(duration).isIntegralNumber()).as(duration).isTrue();
        }
    }

    @Test
    void failureThatRepeatsIsSummedUpAndNoneIsLost() throws IOException {
        String err;
        try (JarProcess process = serve("log: { format: json }\n")) {
            Ports ports = process.awaitPorts();
            for (int i = 0; i < 200; i++) {
                assertThat(send(ports, STREAM, key + "x", "quick")).isEqualTo(401);
                assertThat(send(ports, "/v1/generate", key, "down")).isBetween(502, 503);
            }
            assertThat(process.terminate()).isZero();
            err = process.err();
        }

        List<JsonNode> answered = of(read(err), "dev.runnel.http.RequestLog");
        assertThat(count(answered, "answered 401: authentication_error")).isEqualTo(200);
        assertThat(count(answered, "answered 502: api_error") + count(answered, "answered 503: overloaded_error"))
                .isEqualTo(200);
        assertThat(answered).hasSizeLessThan(20);
        assertNothingOfTheCallersIsIn(err);
    }

    private static long count(List<JsonNode> lines, String what) {
        return lines.stream()
                .filter(line -> line.get("message").textValue().endsWith(what))
                .mapToLong(line -> line.has("repeated") ? line.get("repeated").longValue() : 1)
                .sum();
    }

    @Test
    void textIsTheDefaultAndHasNoAccessLog() throws IOException {
        String err;
        try (JarProcess process = serve("")) {
            Ports ports = process.awaitPorts();
            assertThat(send(ports, STREAM, key, "quick")).isEqualTo(200);
            assertThat(process.terminate()).isZero();
            err = process.err();
        }

        assertThat(err.lines()).allMatch(line -> line.matches("20[0-9T:.-]+Z [A-Z]+ +[A-Za-z]+ - .*"));
        assertThat(err)
                .contains(" generation - ended generation=gen_", "Shutdown - stopped")
                .doesNotContain("access");
        assertNothingOfTheCallersIsIn(err);
    }

    private void assertNothingOfTheCallersIsIn(String err) {
        String signature = key.substring(key.lastIndexOf('.') + 1);
        assertThat(err.contains(signature)).as("the key's signature").isFalse();
        assertThat(err.contains(PROMPT)).as("the prompt").isFalse();
        assertThat(err.contains(TEXT)).as("the text").isFalse();
        assertThat(err.contains(ESC)).as("an escape sequence").isFalse();
    }
}
