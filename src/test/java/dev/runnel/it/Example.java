package dev.runnel.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;

/**
 * The programs in {@code src/examples} that print the text for each of their prompts and a line break, and to the error
 * stream why the text ended.
 */
enum Example {
    FETCH("fetch-buffered.mjs"),
    EVENTSOURCE_PARSER("fetch-eventsource-parser.mjs"),
    REQUESTS("stream.py"),
    HTTPX("stream_httpx.py"),
    HTTPX_SSE("stream_httpx_sse.py"),
    JAVA("StreamText.java"),
    VERTICLE("StreamVerticle.java");

    static final Path FOLDER = Path.of("src/examples");

    private final String file;

    Example(String file) {
        this.file = file;
    }

    /** What happens to one program. */
    @FunctionalInterface
    interface Scenario {
        void run(Example example) throws Exception;
    }

    /** One case for each program. All programs run at the same time. */
    static Stream<DynamicTest> each(Scenario scenario) {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<DynamicTest> cases = Arrays.stream(values())
                .map(example -> StartedTest.of(threads, example.file, () -> {
                    example.requirePrograms();
                    scenario.run(example);
                    return null;
                }))
                .toList();
        threads.shutdown();
        return cases.stream();
    }

    private void requirePrograms() {
        switch (this) {
            case FETCH -> requireNode();
            case EVENTSOURCE_PARSER -> {
                requireNode();
                NpmPackages.require("eventsource-parser");
            }
            case REQUESTS -> requirePython("requests");
            case HTTPX -> requirePython("httpx");
            case HTTPX_SSE -> requirePython("httpx_sse");
            case JAVA, VERTICLE -> {}
        }
    }

    static void requireNode() {
        Needed.program("Node.js 18 or later", "node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)");
    }

    private static void requirePython(String module) {
        Needed.program("Python with " + module, "python3", "-c", "import " + module);
    }

    /** Runs it for these prompts. */
    List<String> command(String... prompts) throws IOException {
        return switch (this) {
            case FETCH -> with(prompts, "node", path());
            case EVENTSOURCE_PARSER -> with(prompts, "node", besideItsLibrary());
            case REQUESTS, HTTPX, HTTPX_SSE -> with(prompts, "python3", path());
            case JAVA, VERTICLE ->
                with(
                        prompts,
                        java(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Compiled.CLASSES + File.pathSeparator + runnelJar(),
                        file.replace(".java", ""));
        };
    }

    /** As the page shows it. For Java that compiles the program in each run. */
    List<String> shownCommand(String... prompts) throws IOException {
        return switch (this) {
            case JAVA, VERTICLE -> with(prompts, java(), "-cp", runnelJar(), path());
            default -> command(prompts);
        };
    }

    private static List<String> with(String[] prompts, String... command) {
        return Stream.concat(Stream.of(command), Stream.of(prompts)).toList();
    }

    private String path() {
        return FOLDER.resolve(file).toString();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String runnelJar() {
        return System.getProperty("runnel.jar");
    }

    /** A module finds its libraries in the folders above it. */
    private String besideItsLibrary() throws IOException {
        return Files.copy(FOLDER.resolve(file), NpmPackages.FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING)
                .toString();
    }

    /** The programs in Java, compiled without a warning. */
    private static final class Compiled {

        static final Path CLASSES = Path.of("target/examples");

        static {
            int status = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-proc:none",
                            "-Xlint:all,-classfile",
                            "-Werror",
                            "-d",
                            CLASSES.toString(),
                            "-cp",
                            runnelJar(),
                            JAVA.path(),
                            VERTICLE.path());
            if (status != 0) {
                throw new AssertionError("the examples in Java do not compile");
            }
        }
    }
}
