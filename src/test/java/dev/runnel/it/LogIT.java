package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.sse.HttpWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What this test and all tests before it made the service log, at every level of ours, in both formats, the access log
 * included.
 */
class LogIT {

    private static final String CONFIG = """
            log: { access: true }
            defaultModel: quick
            models:
              - { name: quick, engine: scripted, text: "Once upon a time" }
              - { name: fails, engine: scripted, text: "Once upon a time", failAfter: 1 }
              - { name: broken, engine: scripted, unavailable: no such file }
            """;

    /** Shows that the file has the lines of this run. */
    private static final String REQUEST_ID = UUID.randomUUID().toString();

    /** A signed token: three parts, of which the first one starts as the JSON of its header does. */
    private static final Pattern KEY = Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+\\.");

    private static final Pattern TEXT_LINE =
            Pattern.compile("[0-9-]{10}T[0-9:.]{12}Z (TRACE|DEBUG|INFO |WARN |ERROR) [A-Za-z0-9_$-]+ - .*");

    @BeforeAll
    static void serve(@TempDir Path data) {
        try (RunningService service = RunningService.start(Launch.IN_PROCESS, CONFIG, data)) {
            for (String model : List.of("quick", "fails", "broken")) {
                generate(service, service.key(), model);
                generate(service, service.key() + "x", model);
            }
        }
    }

    private static void generate(RunningService service, String key, String model) {
        String body = "{\"prompt\":\"Tell me a story\",\"model\":\"" + model + "\"}";
        try (HttpWire wire = service.http()) {
            wire.post("/v1/generate/stream", key, body, "X-Request-Id: " + REQUEST_ID)
                    .answer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"test.log", "test.json.log"})
    void noKeyPromptOrGeneratedTextIsInTheLogOfAnyTest(String name) throws IOException {
        String log = Files.readString(Path.of("target", name));

        assertThat(log).contains(REQUEST_ID, "WARN", "DEBUG", "outcome", "completionTokens", "route");
        assertThat(KEY.matcher(log).find()).as("a key in target/%s", name).isFalse();
        assertThat(log.contains("Tell me a story") || log.contains("Once upon a time"))
                .as("a prompt or a generated text in target/%s", name)
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"test.log", "test.json.log"})
    void everyLineIsOneEvent(String name) throws IOException {
        ObjectMapper json = new ObjectMapper();

        for (String line : Files.readAllLines(Path.of("target", name))) {
            if (name.endsWith(".json.log")) {
                assertThat(json.readTree(line).hasNonNull("message")).as(line).isTrue();
            } else {
                assertThat(line).matches(TEXT_LINE);
            }
        }
    }
}
