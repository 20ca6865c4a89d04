package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train} on a JDK that can, and starts with what it wrote. */
class AotCacheIT {

    private static final String UNUSED = "no AOT cache of this jar and JVM, so it is not used";

    /** The status of a process that this signal ends. */
    private static final int SIGTERM = 143;

    private static final Duration TRAINING = Duration.ofMinutes(5);
    private static final List<String> SHORT = List.of("train", "--seconds", "4");

    private static Jdk jdk;

    /** That of the training, which has its cache. */
    @TempDir
    static Path data;

    private static Path cache;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws Exception {
        jdk = Jdk.withAotCache();
        try (JarProcess train =
                JarProcess.run(jdk, List.of(), Map.of("RUNNEL_DATA", data.toString()), SHORT.toArray(String[]::new))) {
            assertThat(train.exitStatus(TRAINING)).as(train.err()).isZero();
            cache = Path.of(train.out().strip());
            assertThat(train.err().lines())
                    .hasSize(3)
                    .last()
                    .asString()
                    .contains(" MB; to use it: java -XX:AOTCache=" + cache + " -jar ");
        }
    }

    private JarProcess serve(List<String> jvm) throws Exception {
        return serve(jvm, Path.of(System.getProperty("runnel.jar")));
    }

    private JarProcess serve(List<String> jvm, Path jar) throws Exception {
        Path config = Files.writeString(folder.resolve("test.yaml"), """
            defaultModel: scripted
            models: [ { name: scripted, engine: scripted } ]
            """);
        return JarProcess.serve(jdk.java(jvm), jar, RunningService.environment(data), "--config", config.toString());
    }

    @Test
    void onlyTheCacheAndItsLockAreLeft() throws IOException {
        try (Stream<Path> left = Files.walk(data.resolve("aot"))) {
            assertThat(left.filter(Files::isRegularFile))
                    .containsExactlyInAnyOrder(cache, cache.resolveSibling(cache.getFileName() + ".lock"));
        }
        assertThat(cache).isReadable();
    }

    @Test
    void serviceUsesTheCacheWithoutAWarning() throws Exception {
        // With this mode the JVM does not start if the cache does not fit.
        try (JarProcess service = serve(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache))) {
            service.awaitPorts();

            assertThat(service.terminate()).isZero();
            assertThat(service.err()).doesNotContain("AOT");
            NewJdkIT.assertNoWarningOfTheJvm(service.out() + service.err());
        }
    }

    @Test
    void startWithoutTheCacheSaysHowToUseIt() throws Exception {
        try (JarProcess service = serve(List.of())) {
            service.awaitPorts();

            assertThat(service.err()).contains("java -XX:AOTCache=" + cache + " -jar ");
        }
    }

    @Test
    void damagedCacheIsNotUsed() throws Exception {
        Path damaged = folder.resolve("damaged.aot");
        byte[] bytes = Files.readAllBytes(cache);
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length / 2));

        assertStartsWithout(damaged);
    }

    @Test
    void fileThatIsNoCacheIsNotUsed() throws Exception {
        assertStartsWithout(Files.writeString(folder.resolve("text.aot"), "no cache"));
    }

    @Test
    void missingCacheIsNotUsed() throws Exception {
        assertStartsWithout(folder.resolve("missing.aot"));
    }

    @Test
    void cacheOfAnotherJarIsNotUsed() throws Exception {
        Path other = Files.copy(Path.of(System.getProperty("runnel.jar")), folder.resolve("runnel.jar"));

        assertStartsWithout(cache, other);
    }

    @Test
    void signalEndsTheTrainingAndItsService() throws Exception {
        try (JarProcess train = longTraining("ended.aot")) {
            List<ProcessHandle> service = service(train, "ended.aot");

            assertThat(train.terminate()).isEqualTo(SIGTERM);

            assertThat(service).isNotEmpty().noneMatch(ProcessHandle::isAlive);
            assertThat(train.err()).doesNotContain("Exception");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("ended.aot.lock"));
        }
    }

    @Test
    void killedTrainingDoesNotLeaveItsServiceRunning() throws Exception {
        try (JarProcess train = longTraining("killed.aot")) {
            List<ProcessHandle> service = service(train, "killed.aot");
            assertThat(service).isNotEmpty();

            train.signal("KILL");

            try {
                for (ProcessHandle process : service) {
                    process.onExit().get(1, TimeUnit.MINUTES);
                }
            } finally {
                service.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private JarProcess longTraining(String out) throws Exception {
        return JarProcess.run(
                jdk,
                List.of(),
                RunningService.environment(data),
                "train",
                "--seconds",
                "300",
                "--out",
                folder.resolve(out).toString());
    }

    /** The child process of a training, once it logs. */
    private List<ProcessHandle> service(JarProcess train, String out) {
        train.awaitFile(folder.resolve(out + ".training").resolve("log"));
        return ProcessHandle.of(train.pid()).orElseThrow().children().toList();
    }

    /** The commands of the Dockerfile, with a folder in the place of /opt/runnel. */
    @Test
    void imageTrainsWhileItIsBuiltAndStartsWithTheCache() throws Exception {
        Path jar = Files.copy(Path.of(System.getProperty("runnel.jar")), folder.resolve("runnel.jar"));
        String image = command("Dockerfile").replace("/opt/runnel", folder.toString());
        String train = instruction(image, "RUN java ").replace(" train ", " train --seconds 2 ");
        List<String> entry = entryPoint(image);
        Map<String, String> environment = new HashMap<>(RunningService.environment(data));
        environment.put("PATH", jdk.home().resolve("bin") + ":" + System.getenv("PATH"));

        try (JarProcess training =
                JarProcess.of(List.of("bash", "-c", train.substring("RUN ".length())), environment)) {
            assertThat(training.exitStatus(TRAINING)).as(training.err()).isZero();
        }

        assertThat(folder.resolve("runnel.aot.lock")).doesNotExist();
        assertThat(entry.subList(entry.size() - 2, entry.size())).containsExactly("-jar", jar.toString());
        List<String> options = new ArrayList<>(entry.subList(1, entry.size() - 2));
        options.add("-XX:AOTMode=on");
        try (JarProcess service = serve(options, jar)) {
            service.awaitPorts();
        }
    }

    /** Standard output is for what the service prints. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "conf/systemd/runnel.service"})
    void jvmReportsAnUnfitCacheOnStandardErrorInTheImageAndTheUnit(String file) throws Exception {
        String text = command(file);
        List<String> start = file.equals("Dockerfile")
                ? entryPoint(text)
                : List.of(instruction(text, "ExecStart=").split("\\s+"));
        Path unfit = Files.writeString(folder.resolve("text.aot"), "no cache");
        List<String> options = start.subList(1, start.indexOf("-jar")).stream()
                .map(option -> option.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=" + unfit : option)
                .toList();

        try (JarProcess service = serve(options)) {
            service.awaitPorts();

            assertThat(service.terminate()).isZero();
            assertThat(service.err()).contains("[aot", unfit + ": " + UNUSED);
            assertThat(service.out()).doesNotContain("[aot", "[error]", "[warning]");
        }
    }

    /** A file with lines that go on in the next one. */
    private static String command(String file) throws IOException {
        return Files.readString(Path.of(file)).replace("\\\n", " ");
    }

    private static List<String> entryPoint(String image) throws IOException {
        String array = instruction(image, "ENTRYPOINT ").substring("ENTRYPOINT ".length());
        return List.of(new ObjectMapper().readValue(array, String[].class));
    }

    private static String instruction(String image, String start) {
        return image.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    private void assertStartsWithout(Path file) throws Exception {
        assertStartsWithout(file, Path.of(System.getProperty("runnel.jar")));
    }

    private void assertStartsWithout(Path file, Path jar) throws Exception {
        try (JarProcess service = serve(List.of("-XX:AOTCache=" + file), jar)) {
            service.awaitPorts();

            assertThat(service.terminate()).isZero();
            assertThat(service.err()).contains(file + ": " + UNUSED, "train --out " + file);
        }
    }
}
