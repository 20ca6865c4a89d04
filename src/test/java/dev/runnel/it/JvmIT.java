package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the service makes of its JVM, as the JVM itself reports it. */
class JvmIT {

    private static final String EXCLUDED_FROM_C2 = "c2 directives:[^}]*?Exclude:true";

    @TempDir
    Path data;

    private static String jcmd(long pid, String command) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, String.valueOf(pid), command)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    }

    private JarProcess serve(String variable, String value) throws Exception {
        Path file = Files.writeString(data.resolve("test.yaml"), """
                defaultModel: scripted
                models: [ { name: scripted, engine: scripted } ]
                """);
        Map<String, String> environment = new HashMap<>(RunningService.environment(data));
        environment.put(variable, value);
        return JarProcess.serve(environment, "--config", file.toString());
    }

    @ParameterizedTest
    @CsvSource({"quick, true", "optimizing, false"})
    void configurationSaysWhichCompilersWork(String compiler, boolean quickAlone) throws Exception {
        try (JarProcess service = serve("RUNNEL_WARM_UP_COMPILER", compiler)) {
            service.awaitPorts();

            String directives = jcmd(service.pid(), "Compiler.directives_print");

            assertThat(directives).contains("c2 directives");
            assertThat(java.util.regex.Pattern.compile(EXCLUDED_FROM_C2)
                            .matcher(directives)
                            .find())
                    .as(directives)
                    .isEqualTo(quickAlone);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', -XX:MaxHeapFreeRatio=92 -XX:MinHeapFreeRatio=10",
        "-XX:MaxHeapFreeRatio=50, -XX:MaxHeapFreeRatio=50",
        "-XX:MinHeapFreeRatio=50, -XX:MinHeapFreeRatio=50"
    })
    void heapIsSizedUnlessTheOptionsOfTheJvmSayOtherwise(String options, String set) throws Exception {
        try (JarProcess service = serve("JAVA_TOOL_OPTIONS", options)) {
            service.awaitPorts();

            assertThat(jcmd(service.pid(), "VM.flags").split(" "))
                    .filteredOn(flag -> flag.contains("HeapFreeRatio"))
                    .containsExactly(set.split(" "));
        }
    }
}
