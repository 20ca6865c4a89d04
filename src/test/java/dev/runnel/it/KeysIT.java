package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.sse.StreamRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A key's life on the command line, beside a service that runs: in the process, and as the packaged jar. */
@ParameterizedClass
@EnumSource(Launch.class)
class KeysIT {

    private static final String CONFIG = """
            defaultModel: endless
            models:
              - { name: endless, engine: scripted, text: "on and on ", repeat: true, interval: 10ms }
            generation: { maxTokens: 1000000 }
            plans:
              - { name: unlimited }
              - { name: small, requestsPerMinute: 2, concurrentGenerations: 1, maxTokens: 100000 }
            """;

    private static final String ENDLESS = "{\"prompt\": \"x\", \"maxTokens\": 100000, \"includeText\": false}";

    @TempDir
    static Path folder;

    private static Path data;
    private static RunningService service;

    @Parameter
    Launch launch;

    @BeforeParameterizedClassInvocation
    static void start(Launch launch) {
        data = folder.resolve(launch.name());
        service = RunningService.start(launch, CONFIG, data);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        service.close();
    }

    private JarProcess run(String... command) throws Exception {
        List<String> arguments = new ArrayList<>(Arrays.asList(command));
        arguments.addAll(List.of("--config", data.resolve("test.yaml").toString()));
        return JarProcess.run(Map.of("RUNNEL_DATA", data.toString()), arguments.toArray(String[]::new));
    }

    private String succeeded(String... command) throws Exception {
        try (JarProcess process = run(command)) {
            assertThat(process.exitStatus()).as(process.err()).isZero();
            return process.out();
        }
    }

    private String listed(String subject) throws Exception {
        return succeeded("key", "list")
                .lines()
                .filter(line -> line.contains(" " + subject + " "))
                .findFirst()
                .orElseThrow();
    }

    private Answer get(String path, String key) {
        try (HttpWire wire = service.http()) {
            return wire.get(path, HttpWire.bearer(key)).answer();
        }
    }

    @Test
    void revokedKeyLosesItsOpenStream() throws Exception {
        String key =
                succeeded("key", "issue", "--subject", "ada", "--expires", "1h").strip();
        String entry = listed("ada");
        assertThat(entry).contains(" unlimited ").endsWith("-");

        try (HttpWire stream = service.http().post("/v1/generate/stream", key, ENDLESS)) {
            assertThat(stream.head().status()).isEqualTo(200);
            stream.event();
            succeeded("key", "revoke", entry.substring(0, entry.indexOf(' ')));

            List<String> events = Stream.generate(stream::chunk)
                    .takeWhile(Optional::isPresent)
                    .map(chunk -> new String(chunk.orElseThrow(), StandardCharsets.UTF_8))
                    .toList();

            assertThat(events.get(events.size() - 1)).contains("\"type\":\"authentication_error\"", "revoked");
        }
        assertThat(get("/v1/models", key).status()).isEqualTo(401);
        assertThat(listed("ada")).doesNotEndWith("-");
    }

    @Test
    void planOfAKeyHolds() throws Exception {
        String key =
                succeeded("key", "issue", "--subject", "bob", "--plan", "small").strip();

        try (HttpWire stream = service.http().post("/v1/generate/stream", key, ENDLESS)) {
            Answer head = stream.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("x-ratelimit-remaining-requests")).isEqualTo("1");
            assertThat(get("/v1/usage", key).body())
                    .contains("\"subject\":\"bob\"", "\"tokens\":null", "\"generations\":{\"limit\":1,\"running\":1}");

            try (HttpWire second = service.http().post("/v1/generate/stream", key, ENDLESS)) {
                Answer refused = second.answer();
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
                assertThat(StreamRules.check(refused.bytes()).error()).isPresent();
            }
        }
    }

    @Test
    void scopeOfAKeyHolds() throws Exception {
        String key = succeeded("key", "issue", "--subject", "eve", "--scope", "observe")
                .strip();

        try (HttpWire wire = service.http().post("/v1/generate", key, ENDLESS)) {
            assertThat(wire.answer().status()).isEqualTo(403);
        }
        assertThat(get("/v1/models", key).status()).isEqualTo(200);
    }

    @Test
    void commandLineSaysWhatIsWrong() throws Exception {
        try (JarProcess unknownPlan = run("key", "issue", "--subject", "x", "--plan", "gold")) {
            assertThat(unknownPlan.exitStatus()).isEqualTo(1);
            assertThat(unknownPlan.err().strip()).isEqualTo("gold: unknown plan (expected: one of unlimited, small)");
            assertThat(unknownPlan.out()).isEmpty();
        }
        try (JarProcess badScope = run("key", "issue", "--subject", "x", "--scope", "admin")) {
            assertThat(badScope.exitStatus()).isEqualTo(2);
        }
        try (JarProcess noId = run("key", "revoke")) {
            assertThat(noId.exitStatus()).isEqualTo(2);
        }
    }
}
