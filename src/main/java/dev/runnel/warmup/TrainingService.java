package dev.runnel.warmup;

import dev.runnel.Ports;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.WarmUpConfig;
import dev.runnel.config.tree.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The service of an {@link AotTraining}: {@code serve} in a child JVM that writes an AOT cache when it ends. It has TLS
 * on its service port, a scripted model, keys, limits and a log, all in one folder. Its warm-up relays an upstream
 * without TLS.
 */
final class TrainingService implements AutoCloseable {

    /** The plan of its key. Its limits are never reached. */
    static final String PLAN = "training";

    private static final String CONFIGURATION = """
        http: { port: 0, drain: 0, tls: { certificateFile: %s, keyFile: %s } }
        management: { port: 0 }
        warmUp: { streams: %d, duration: %dms, compiler: optimizing }
        defaultModel: training
        plans:
          - { name: training, requestsPerMinute: 1000000, tokensPerMinute: 100000000, concurrentGenerations: 10000 }
        models:
          - { name: training, engine: scripted, interval: 2ms }
        """;

    private static final String FILE = """
          - { name: file, engine: llama, unchecked: true, contextCells: 4096, sources: [ { file: '%s' } ] }
        """;

    /** The option of {@code serve} by which it ends when this process has ended, also by {@code kill -9}. */
    private static final String END_WITH_INPUT = "--end-with-input";

    /** From the start of the JVM to the start of the warm-up, and from its end to the ports file. */
    private static final Duration START = Duration.ofMinutes(2);

    /** From SIGTERM to the written cache: on two slow processors 9 s. */
    private static final Duration END = Duration.ofMinutes(10);

    private static final long POLL_MILLIS = 50;
    private static final int SHOWN_LINES = 3;
    private static final int SHOWN_CHARACTERS = 200;

    private final Path folder;
    private final Process process;
    private final Duration start;

    private TrainingService(Path folder, Process process, Duration start) {
        this.folder = folder;
        this.process = process;
        this.start = start;
    }

    /**
     * Starts it.
     *
     * @param options of its JVM
     * @param model the file of a model that runs in it
     * @param folder an empty folder, for everything that it writes
     * @param warmUp how long its own warm-up lasts
     */
    static TrainingService start(Path jar, List<String> options, Optional<Path> model, Path folder, Duration warmUp)
            throws IOException, InterruptedException, AotTrainingException {
        TrainingCertificate.writeTo(folder);
        Path config = Files.writeString(folder.resolve("training.yaml"), configuration(model, warmUp));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString(), "serve", "--config", config.toString()));
        command.addAll(List.of("--ports-file", folder.resolve("ports.json").toString()));
        // This process holds the other end of its standard input, and nothing is written to it.
        command.add(END_WITH_INPUT);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        // The options of these variables are among those of this JVM.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("RUNNEL_")
                        || name.equals("JAVA_TOOL_OPTIONS")
                        || name.equals("JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment(folder));
        return new TrainingService(folder, builder.start(), START.plus(warmUp));
    }

    private static String configuration(Optional<Path> model, Duration warmUp) {
        String scripted = CONFIGURATION.formatted(
                TrainingCertificate.CERTIFICATE_FILE,
                TrainingCertificate.KEY_FILE,
                WarmUpConfig.MAX_STREAMS,
                warmUp.toMillis());
        // Two quotes are one in a quoted text of YAML.
        return scripted
                + model.map(file -> FILE.formatted(file.toString().replace("'", "''")))
                        .orElse("");
    }

    private static Map<String, String> environment(Path folder) {
        return Map.of("RUNNEL_DATA", folder.resolve("data").toString());
    }

    /** Its configuration, with the data directory. */
    RunnelConfig config() throws IOException {
        try {
            return new ConfigReader(Optional.empty(), environment(folder), model -> List.of())
                    .read(Optional.of(folder.resolve("training.yaml")))
                    .config();
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it is ready. */
    Ports awaitPorts() throws IOException, InterruptedException, AotTrainingException {
        Path file = folder.resolve("ports.json");
        long polls = start.toMillis() / POLL_MILLIS;
        for (long poll = 0; poll < polls && !Files.exists(file); poll++) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AotTrainingException(ended());
            }
        }
        if (!Files.exists(file)) {
            throw new AotTrainingException(
                    "the service of the training is not ready after " + start.toSeconds() + " s");
        }
        return Ports.readFrom(file);
    }

    /** Sends SIGTERM, and waits for the end. */
    void stop() throws IOException, InterruptedException, AotTrainingException {
        // The process itself would also close its standard input.
        process.toHandle().destroy();
        if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AotTrainingException("the JVM did not write the AOT cache within " + END.toMinutes() + " min");
        }
        if (process.exitValue() != 0) {
            throw new AotTrainingException(ended());
        }
    }

    /** How the process has ended, with its last lines. */
    String ended() throws IOException {
        List<String> lines = new String(Files.readAllBytes(folder.resolve("log")), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.substring(0, Math.min(line.length(), SHOWN_CHARACTERS)))
                .toList();
        String last =
                lines.stream().skip(Math.max(0, lines.size() - SHOWN_LINES)).collect(Collectors.joining(" | "));
        return "the JVM of the training ended with status " + process.exitValue() + ": " + last;
    }

    /** Ends the process immediately, and the one that writes the cache. Idempotent. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
