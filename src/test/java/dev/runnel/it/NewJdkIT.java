package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.llama.TinyModel;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar on the newest JDK that it is made for, where the tests themselves may run on an older one. */
class NewJdkIT {

    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    private static Jdk jdk;

    @TempDir
    Path data;

    @BeforeAll
    static void find() throws Exception {
        jdk = Jdk.withAotCache();
    }

    /** JVMs write "WARNING: …", and HotSpot "… VM warning: …". A line of the log has another form. */
    static void assertNoWarningOfTheJvm(String printed) {
        assertThat(printed.lines())
                .noneMatch(
                        line -> line.startsWith("WARNING") || line.contains("VM warning:") || line.contains("][warn"));
    }

    /** With the warm-up, which relays an upstream; llama.cpp uses native code by JNA. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(RunningService.environment(data));
        environment.put("RUNNEL_WARM_UP_DURATION", "1s");
        return environment;
    }

    private Path config(String further) throws Exception {
        TinyModel.write(data.resolve("tiny.gguf"));
        return Files.writeString(data.resolve("test.yaml"), """
            defaultModel: tiny
            models:
              - { name: tiny, engine: llama, unchecked: true, sources: [ { file: %s } ] }
              - { name: scripted, engine: scripted }
            """.formatted(data.resolve("tiny.gguf")) + further);
    }

    @Test
    void serviceStreamsWithoutAWarningOfTheJvm() throws Exception {
        assertStreamsWithoutAWarning(List.of(), "");
    }

    /** A library of both uses sun.misc.Unsafe. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tracing: { endpoint: \"http://127.0.0.1:1/v1/traces\" }",
                "cluster: { enabled: true, port: 0, members: [ \"127.0.0.1:1\" ], minimumMembers: 1 }"
            })
    void traceAndClusterNeedAnOptionForThat(String further) throws Exception {
        assertStreamsWithoutAWarning(List.of(UNSAFE), further);
    }

    private void assertStreamsWithoutAWarning(List<String> jvm, String further) throws Exception {
        Path config = config(further);
        try (JarProcess service = JarProcess.serve(jdk, jvm, environment(), "--config", config.toString())) {
            int port = service.awaitPorts().http();
            for (String model : List.of("tiny", "scripted")) {
                try (HttpWire wire = new HttpWire(port)) {
                    String body = "{\"prompt\":\"x\",\"maxTokens\":8,\"model\":\"" + model + "\"}";
                    StreamRules.check(wire.post("/v1/generate/stream", RunningService.key(config, environment()), body)
                            .answer()
                            .bytes());
                }
            }

            assertThat(service.terminate()).isZero();
            assertNoWarningOfTheJvm(service.out() + service.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"key issue --subject x", "model list", "conform --list", "generate --max-tokens 4 x"})
    void commandsPrintNoWarningOfTheJvm(String line) throws Exception {
        Map<String, String> environment = environment();
        environment.put("RUNNEL_CONFIG", config("").toString());
        try (JarProcess command = JarProcess.run(jdk, List.of(), environment, line.split(" "))) {
            assertThat(command.exitStatus()).as(command.err()).isZero();
            assertNoWarningOfTheJvm(command.out() + command.err());
        }
    }
}
