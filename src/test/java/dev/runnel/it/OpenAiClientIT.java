package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client library openai for Python, as its users have it, against the packaged jar. */
class OpenAiClientIT {

    private static final String PROGRAM = "src/test/python/openai_client.py";

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = RunningService.start(Launch.JAR, """
                defaultModel: echo
                models:
                  - { name: echo, engine: scripted, echo: true, interval: 1ms }
                  - { name: endless, engine: scripted, text: "tick", repeat: true, interval: 5ms, sequences: 1 }
                  - { name: small, engine: scripted, echo: true, contextTokens: 8 }
                  - name: slow
                    engine: scripted
                    text: "one two three four five six seven eight nine ten"
                    interval: 100ms
                  - { name: failing, engine: scripted, text: "one two three", failAfter: 2, failure: upstream_failed }
                generation: { queue: 0 }
                plans:
                  - { name: unlimited }
                  - { name: tight, requestsPerMinute: 30 }
                """, data);
    }

    private static String run(String... command) throws Exception {
        Needed.program("Python with openai", "python3", "-c", "import openai");
        return new Client(service.url(), service.key()).run(command);
    }

    static Stream<String> cases() {
        return Stream.of(
                "models",
                "whole",
                "streamed",
                "usage",
                "stop",
                "conversation",
                "unauthorized",
                "unknown_model",
                "too_long",
                "unsupported",
                "fails_in_the_stream",
                "abort_frees_the_engine",
                "responses",
                "responses_streamed",
                "response_resumed",
                "response_cancelled",
                "response_continued");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void clientLibraryUnderstands(String name) throws Exception {
        assertThat(run("python3", PROGRAM, name)).isEqualTo("ok\n");
    }

    @Test
    void clientLibraryWaitsAsLongAsRetryAfterSays() throws Exception {
        Needed.program("Python with openai", "python3", "-c", "import openai");
        Client tight = new Client(service.url(), service.key("tight"));

        assertThat(tight.run("python3", PROGRAM, "waits")).isEqualTo("ok\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai_chat.py", "openai_background.py"})
    void exampleStreamsTheAnswer(String program) throws Exception {
        String text = String.join(" ", List.of("Ein \"Märchen\":", "🦊 \u2028", "Ende."));

        assertThat(run("python3", "src/examples/" + program, text)).isEqualTo(text);
    }

    @Test
    void exampleContinuesABackgroundResponseAfterALostConnection() throws Exception {
        Needed.program("Python with openai", "python3", "-c", "import openai");
        try (CuttingProxy proxy = new CuttingProxy(service.ports().http(), 0, 1)) {
            ClientRun run = new Client(proxy.url(), service.key())
                    .withModel("slow")
                    .start(List.of("python3", "src/examples/openai_background.py", "x"));
            run.awaitText();

            proxy.cutAll();

            ClientRun.Ended ended = run.end();
            assertThat(ended.out()).as(ended.err()).isEqualTo("one two three four five six seven eight nine ten");
            assertThat(ended.status()).isZero();
        }
    }
}
