package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The faults that the public bug reports of other streaming servers describe, tried on the packaged jar. Each case in
 * {@code src/test/cases} is a program that ends with 0 where it sees the right behaviour.
 */
class CasesIT {

    private static final Path CASES = Path.of("src", "test", "cases");
    private static final Duration SERVICE_START = Duration.ofMinutes(2);
    private static final Duration CASE_LIMIT = Duration.ofMinutes(5);
    private static final String MODEL = "smollm2-135m-instruct";
    private static final String NOT_TRIED = "not tried";

    /** Cases with settings of their own start a service of their own; the others share one. */
    private static final Set<String> OWN_SERVICE =
            Set.of("08", "24", "26", "27", "29", "31", "32", "33", "35", "37", "39");

    /** So many of them run at once, beside the shared one. */
    private static final int OWN_SERVICES = 2;

    @TempDir
    static Path folder;

    private static Process shared;

    @BeforeAll
    static void startTheSharedService() throws Exception {
        Needed.program("Python", "python3", "--version");
        Needed.program("Python's h2", "python3", "-c", "import h2");
        Needed.program("openssl", "openssl", "version");
        assertThat(JarProcess.run(Map.of("RUNNEL_DATA", RealModelIT.DATA.toString()), "model", "pull", MODEL)
                        .exitStatus())
                .isZero();
        shared = python("shared.py", folder.resolve("shared.log"), Map.of(), folder.toString());
        await().atMost(SERVICE_START).until(() -> Files.exists(folder.resolve("ports")) || !shared.isAlive());
    }

    @AfterAll
    static void stopTheSharedService() throws Exception {
        if (shared != null) {
            shared.destroy();
            assertThat(shared.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @TestFactory
    Stream<DynamicTest> rightBehaviourIsSeen() throws IOException {
        List<String> numbers;
        try (Stream<Path> all = Files.list(CASES)) {
            numbers = all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("\\d\\d"))
                    .sorted()
                    .toList();
        }
        // The cases of the shared service read its metrics, so they run one after another.
        ExecutorService one = Executors.newSingleThreadExecutor();
        ExecutorService others = Executors.newFixedThreadPool(OWN_SERVICES);
        List<DynamicTest> cases = numbers.stream()
                .map(number -> StartedTest.of(
                        OWN_SERVICE.contains(number) ? others : one, "case " + number, () -> run(number)))
                .toList();
        one.shutdown();
        others.shutdown();
        return cases.stream();
    }

    private static Void run(String number) throws Exception {
        Path log = folder.resolve(number + ".log");
        Map<String, String> environment = OWN_SERVICE.contains(number)
                ? Map.of()
                : Map.of("RUNNEL_SHARED", folder.resolve("ports").toString());
        Process process = python(number + "/case.py", log, environment);
        boolean ended = process.waitFor(CASE_LIMIT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String seen = Files.readString(log);
        assertThat(ended).as("case %s ended: %s", number, seen).isTrue();
        assertThat(process.exitValue()).as("case %s: %s", number, seen).isZero();
        if (seen.contains(NOT_TRIED)) {
            assertThat(System.getenv("CI")).as("CI is set, but: %s", seen).isNull();
            Assumptions.abort(seen);
        }
        return null;
    }

    private static Process python(String program, Path log, Map<String, String> environment, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("python3", CASES.resolve(program).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
        builder.environment().put("RUNNEL_JAR", System.getProperty("runnel.jar"));
        builder.environment()
                .put("RUNNEL_MODELS", RealModelIT.DATA.resolve("models").toString());
        builder.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
