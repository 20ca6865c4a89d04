package dev.runnel.bench.relay;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.FilelessVertx;
import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.KeyRegistry;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.auth.SigningSecret;
import dev.runnel.bench.BenchConfig;
import dev.runnel.cli.Main;
import dev.runnel.config.RunnelConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runnel as a process of its own: with keys, with limits that are never reached, with metrics. */
public final class Service implements Server {

    private static final double BYTES_PER_KILOBYTE = 1024;
    private static final String PLAN = "bench";
    private static final List<String> HEAP = List.of("-Xmx512m");
    private static final Duration LIFETIME = Duration.ofDays(1);
    /** The default model may have to be fetched. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final String ALLOCATED = "jvm_gc_memory_allocated_bytes_total";
    private static final String HEAP_USED = "jvm_memory_used_bytes{area=\"heap\"";

    private final JavaProcess process;
    private final int port;
    private final int managementPort;
    private final Issuer issuer;
    private final String key;

    /** Issues keys, as the command does. */
    private record Issuer(Path configuration, Map<String, String> environment) {

        String issue(String subject, String plan) {
            RunnelConfig config = BenchConfig.read(configuration, environment);
            Vertx vertx = Vertx.vertx(FilelessVertx.options());
            try {
                SigningSecret secret = SigningSecret.open(config.auth().secret(), config.dataDirectory());
                KeyIssuer issuer = new KeyIssuer(vertx, secret, config.auth(), InstantSource.system());
                return new KeyRegistry(config.dataDirectory(), InstantSource.system())
                        .issue(issuer, new KeyRequest(subject, plan, Scope.ALL, LIFETIME))
                        .token();
            } finally {
                vertx.close().await();
            }
        }
    }

    private Service(JavaProcess process, int port, int managementPort, Issuer issuer, String key) {
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
        this.issuer = issuer;
        this.key = key;
    }

    /** Starts it with an upstream as its only model, and waits until it is ready. */
    static Service start(int upstreamPort, Path parent) throws IOException {
        return start(configuration(upstreamPort), parent);
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param configuration has the plan {@code bench}
     * @param parent the folder of its own folder
     */
    public static Service start(String configuration, Path parent) throws IOException {
        return start(
                configuration,
                parent,
                (file, portsFile, environment) -> JavaProcess.start(
                        Main.class, HEAP, environment, "serve", "--config", file, "--ports-file", portsFile));
    }

    /**
     * As {@link #start}, with metrics or without, with C1 alone on any machine, and its heap as the command sizes it.
     */
    static Service start(int upstreamPort, Path parent, boolean metered) throws IOException {
        List<String> options = new ArrayList<>(HEAP);
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:MaxHeapFreeRatio=92"));
        return start(
                configuration(upstreamPort),
                parent,
                (file, portsFile, environment) -> JavaProcess.start(
                        ServiceMain.class, options, environment, file, portsFile, Boolean.toString(metered)));
    }

    /**
     * A packaged service.
     *
     * @param jar its file
     * @param by a command that becomes the one that follows it; empty for none
     * @param options the JVM's
     */
    public record Packaged(Path jar, List<String> by, List<String> options) {

        private List<String> command(String configuration, String portsFile) {
            List<String> command = new ArrayList<>(by);
            command.add(JavaProcess.java());
            command.addAll(options);
            command.addAll(List.of("-jar", jar.toString()));
            command.addAll(List.of("serve", "--config", configuration, "--ports-file", portsFile));
            return command;
        }
    }

    /**
     * Starts a packaged service, and waits until it is ready.
     *
     * @param configuration has the plan {@code bench}
     * @param folder the data directory, which also gets what the service prints
     */
    public static Service start(String configuration, Path folder, Packaged packaged) throws IOException {
        return startIn(
                folder,
                configuration,
                (file, portsFile, environment) ->
                        JavaProcess.run(packaged.command(file, portsFile), environment, folder.resolve("printed")));
    }

    /** Starts the process. */
    private interface Starter {
        JavaProcess start(String configuration, String portsFile, Map<String, String> environment);
    }

    private static Service start(String configuration, Path parent, Starter starter) throws IOException {
        return startIn(Files.createTempDirectory(parent, "runnel"), configuration, starter);
    }

    private static Service startIn(Path folder, String configuration, Starter starter) throws IOException {
        String file =
                Files.writeString(folder.resolve("bench.yaml"), configuration).toString();
        Issuer issuer = new Issuer(Path.of(file), Map.of("RUNNEL_DATA", folder.toString()));
        String key = issuer.issue("bench", PLAN);
        Path portsFile = folder.resolve("ports.json");
        JavaProcess process = starter.start(file, portsFile.toString(), issuer.environment());
        await().atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(portsFile) || !process.isAlive());
        if (!Files.exists(portsFile)) {
            throw new IllegalStateException("Runnel ended before it was ready");
        }
        JsonNode ports = new ObjectMapper().readTree(portsFile.toFile());
        return new Service(
                process, ports.get("http").asInt(), ports.get("management").asInt(), issuer, key);
    }

    private static String configuration(int upstreamPort) {
        return """
            http: { port: 0, connectionsPerAddress: 100000, connectionsWithoutKey: 100000 }
            management: { port: 0 }
            plans:
              - name: bench
                requestsPerMinute: 1000000
                tokensPerMinute: 100000000
                concurrentGenerations: 100000
            defaultModel: bench
            models:
              - name: bench
                engine: openai
                upstreams:
                  - url: http://127.0.0.1:%d/v1
                    model: bench
                    concurrent: 65536
            """.formatted(upstreamPort);
    }

    @Override
    public String label() {
        return "Runnel";
    }

    @Override
    public Load addressed(Load load) {
        return load.at(port, true, key);
    }

    @Override
    public ProcessHandle worker() {
        return process.handle();
    }

    /** Issues a key of a caller, of the plan {@code bench}. */
    public String key(String subject) {
        return key(subject, PLAN);
    }

    /** Issues a key of a caller. */
    public String key(String subject, String plan) {
        return issuer.issue(subject, plan);
    }

    /** The service port, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /**
     * The heap that was allocated so far, in bytes. The counter moves with collections, so there is one before it is
     * read; NaN where the JDK's {@code jcmd} is missing.
     */
    double allocatedBytes() throws IOException {
        return collect() ? sum(ALLOCATED) : Double.NaN;
    }

    /** Collects the whole heap, and reads the memory. */
    public MemoryUse memory() throws IOException {
        double heap = collect() ? sum(HEAP_USED) : Double.NaN;
        return new MemoryUse(memoryUncollected().resident(), heap);
    }

    /** The management port, on 127.0.0.1. */
    public int managementPort() {
        return managementPort;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Reads the resident memory alone. */
    public MemoryUse memoryUncollected() {
        return new MemoryUse(new ProcessCost(worker()).residentKilobytes().orElse(0) * BYTES_PER_KILOBYTE, Double.NaN);
    }

    private boolean collect() throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return false;
        }
        new ProcessBuilder(jcmd.toString(), Long.toString(worker().pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join();
        return true;
    }

    /** The sum of all series whose line has this start. */
    public double sum(String start) throws IOException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** The text of {@code /metrics}. */
    String metrics() throws IOException {
        URI metrics = URI.create("http://127.0.0.1:" + managementPort + "/metrics");
        try (InputStream scraped = metrics.toURL().openStream()) {
            return new String(scraped.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
