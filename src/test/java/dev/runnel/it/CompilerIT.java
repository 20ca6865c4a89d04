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

/** Which of the JVM's compilers work, as the JVM itself tells it. */
class CompilerIT {

    private static final String EXCLUDED_FROM_C2 = "c2 directives:[^}]*?Exclude:true";

    @TempDir
    Path data;

    private static String directives(long pid) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process told = new ProcessBuilder(jcmd, String.valueOf(pid), "Compiler.directives_print")
                .redirectErrorStream(true)
                .start();
        return new String(told.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @CsvSource({"quick, true", "optimizing, false"})
    void configurationSaysWhichCompilersWork(String compiler, boolean quickAlone) throws Exception {
        Path file = Files.writeString(data.resolve("test.yaml"), """
                defaultModel: scripted
                models: [ { name: scripted, engine: scripted } ]
                """);
        Map<String, String> environment = new HashMap<>(RunningService.environment(data));
        environment.put("RUNNEL_WARM_UP_COMPILER", compiler);
        try (JarProcess service = JarProcess.serve(environment, "--config", file.toString())) {
            service.awaitPorts();

            String directives = directives(service.pid());

            assertThat(directives).contains("c2 directives");
            assertThat(java.util.regex.Pattern.compile(EXCLUDED_FROM_C2)
                            .matcher(directives)
                            .find())
                    .as(directives)
                    .isEqualTo(quickAlone);
        }
    }
}
