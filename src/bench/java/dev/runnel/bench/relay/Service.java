package dev.runnel.bench.relay;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runnel as a process of its own: with keys, with limits that are never reached, with metrics. */
final class Service implements Server {

    private static final List<String> HEAP = List.of("-Xmx512m");
    private static final Duration START = Duration.ofMinutes(1);
    private static final String ALLOCATED = "jvm_gc_memory_allocated_bytes_total";

    private final JavaProcess process;
    private final int port;
    private final int managementPort;
    private final String key;

    private Service(JavaProcess process, int port, int managementPort, String key) {
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
        this.key = key;
    }

    /** Starts it, and waits until it is ready. */
    static Service start(int upstreamPort, Path parent) throws IOException {
        return start(
                upstreamPort,
                parent,
                (configuration, portsFile, environment) -> JavaProcess.start(
                        Main.class, HEAP, environment, "serve", "--config", configuration, "--ports-file", portsFile));
    }

    /**
     * As {@link #start}, with metrics or without, with C1 alone on any machine, and its heap as the command sizes it.
     */
    static Service start(int upstreamPort, Path parent, boolean metered) throws IOException {
        List<String> options = new ArrayList<>(HEAP);
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:MaxHeapFreeRatio=92"));
        return start(
                upstreamPort,
                parent,
                (configuration, portsFile, environment) -> JavaProcess.start(
                        ServiceMain.class, options, environment, configuration, portsFile, Boolean.toString(metered)));
    }

    /** Starts the process. */
    private interface Starter {
        JavaProcess start(String configuration, String portsFile, Map<String, String> environment);
    }

    private static Service start(int upstreamPort, Path parent, Starter starter) throws IOException {
        Path folder = Files.createTempDirectory(parent, "runnel");
        Map<String, String> environment = Map.of("RUNNEL_DATA", folder.toString());
        String configuration = Files.writeString(folder.resolve("bench.yaml"), configuration(upstreamPort))
                .toString();
        String key;
        try (JavaProcess issuer = JavaProcess.start(
                Main.class,
                List.of(),
                environment,
                "key",
                "issue",
                "--config",
                configuration,
                "--subject",
                "bench",
                "--plan",
                "bench")) {
            key = issuer.answer();
        }
        Path portsFile = folder.resolve("ports.json");
        JavaProcess process = starter.start(configuration, portsFile.toString(), environment);
        await().atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(portsFile) || !process.isAlive());
        if (!Files.exists(portsFile)) {
            throw new IllegalStateException("Runnel ended before it was ready");
        }
        JsonNode ports = new ObjectMapper().readTree(portsFile.toFile());
        return new Service(
                process, ports.get("http").asInt(), ports.get("management").asInt(), key);
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

    /**
     * The heap that was allocated so far, in bytes. The counter moves with collections, so there is one before it is
     * read; NaN where the JDK's {@code jcmd} is missing.
     */
    double allocatedBytes() throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return Double.NaN;
        }
        new ProcessBuilder(jcmd.toString(), Long.toString(worker().pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join();
        return metrics()
                .lines()
                .filter(line -> line.startsWith(ALLOCATED))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** What Prometheus reads of it. */
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
