package dev.runnel.it;

import dev.runnel.Ports;
import dev.runnel.Runnel;
import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Scope;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.generator.Engines;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The whole service, started the way that a test wants and ready. Its ports are free ones, its loopback address is
 * real.
 */
public final class RunningService implements AutoCloseable {

    private final RunnelConfig config;
    private final Ports ports;
    private final Runnable stop;

    private RunningService(RunnelConfig config, Ports ports, Runnable stop) {
        this.config = config;
        this.ports = ports;
        this.stop = stop;
    }

    /**
     * Starts it and waits until its models work.
     *
     * @param yaml the configuration, without ports
     * @param data the data directory
     */
    public static RunningService start(Launch launch, String yaml, Path data) {
        try {
            Files.createDirectories(data);
            Path file = Files.writeString(data.resolve("test.yaml"), yaml);
            RunnelConfig config = read(file, data);
            return launch == Launch.JAR ? jar(config, file, data) : inProcess(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> environment(Path data) {
        return Map.of(
                "RUNNEL_DATA",
                data.toString(),
                "RUNNEL_HTTP_PORT",
                "0",
                "RUNNEL_MANAGEMENT_PORT",
                "0",
                "RUNNEL_WARM_UP_DURATION",
                "0s");
    }

    static RunnelConfig read(Path file, Path data) {
        return read(file, data, environment(data));
    }

    /** A key without limits for an hour, of a service with this file and these variables. */
    static String key(Path file, Map<String, String> environment) {
        return keys(file, environment, "unlimited", "tester").get(0);
    }

    /** Keys of a plan for an hour, one for each subject, of a service with this file and these variables. */
    static List<String> keys(Path file, Map<String, String> environment, String plan, String... subjects) {
        return keys(read(file, file.getParent(), environment), plan, subjects);
    }

    private static RunnelConfig read(Path file, Path data, Map<String, String> environment) {
        try {
            return new ConfigReader(Optional.of(data), environment, Engines.onClassPath()::complaints)
                    .read(Optional.of(file))
                    .config();
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static RunningService inProcess(RunnelConfig config) {
        Runnel runnel = Runnel.start(config, EngineListener.SILENT).await();
        runnel.opened().await().ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        return new RunningService(config, runnel.ports(), () -> runnel.close().await());
    }

    private static RunningService jar(RunnelConfig config, Path file, Path data) throws IOException {
        JarProcess process = JarProcess.serve(environment(data), "--config", file.toString());
        return new RunningService(config, process.awaitPorts(), process::close);
    }

    /** A key without limits for an hour. */
    public String key() {
        return key("unlimited");
    }

    /** A key of a plan for an hour. */
    public String key(String plan) {
        return key(plan, "tester");
    }

    /** A key of a plan for an hour, of a subject, whose keys share the limits. */
    String key(String plan, String subject) {
        return keys(config, plan, subject).get(0);
    }

    /** Keys of a plan for an hour, one for each subject. */
    static List<String> keys(RunnelConfig config, String plan, String... subjects) {
        return issuing(
                config,
                InstantSource.system(),
                issuer -> Arrays.stream(subjects)
                        .map(subject -> new KeyRequest(subject, plan, Scope.ALL, Duration.ofHours(1)))
                        .map(request -> issuer.issue(request).token())
                        .toList());
    }

    /**
     * Issues keys with the secret of a data directory. The Vert.x is only for that: its process is another one, or has
     * started already.
     */
    static <T> T issuing(RunnelConfig config, InstantSource clock, Function<KeyIssuer, T> use) {
        Vertx vertx = Vertx.vertx();
        try {
            return Keyring.open(vertx, config.auth(), config.dataDirectory(), clock)
                    .map(keyring -> use.apply(keyring.issuer()))
                    .await();
        } finally {
            vertx.close().await();
        }
    }

    public Ports ports() {
        return ports;
    }

    public String url() {
        return "http://127.0.0.1:" + ports.http();
    }

    public HttpWire http() {
        return new HttpWire(ports.http());
    }

    public HttpWire management() {
        return new HttpWire(ports.management());
    }

    @Override
    public void close() {
        stop.run();
    }
}
