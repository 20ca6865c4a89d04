package dev.runnel.cli;

import dev.runnel.Loopback;
import dev.runnel.Ports;
import dev.runnel.Runnel;
import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.ManagementConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.TlsConfig;
import dev.runnel.log.Logs;
import dev.runnel.metric.Metrics;
import dev.runnel.warmup.JvmCompilers;
import dev.runnel.warmup.JvmHeap;
import dev.runnel.warmup.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the service until the process gets a signal to stop. */
@Command(
        name = "serve",
        description = "Runs the service until it is stopped (the default command).",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    /** Or {@code auth.maxLifetime}, if that is shorter. */
    private static final Duration DEVELOPMENT_KEY_LIFETIME = Duration.ofHours(24);

    private static final String DEVELOPMENT_PLAN = "unlimited";

    @Mixin
    private ConfigOption configuration = new ConfigOption();

    @Option(
            names = "--ports-file",
            paramLabel = "FILE",
            description = "The file to write the bound ports to, as JSON, when the service is ready.")
    private @Nullable Path portsFile;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (Shutdown shutdown = Shutdown.onSignal()) {
            checkPortsFile();
            run(shutdown);
        }
        return 0;
    }

    /** The file is written after the start, which may take minutes, so a wrong path is reported before it. */
    private void checkPortsFile() {
        if (portsFile != null && spec != null && !Ports.canBeWrittenTo(portsFile)) {
            throw new ParameterException(
                    spec.commandLine(), "--ports-file: " + portsFile + " (expected: a file in a writable folder)");
        }
    }

    private void run(Shutdown shutdown) throws IOException {
        ConfigReader.Loaded loaded = configuration.load();
        RunnelConfig config = loaded.config();
        Logs.apply(config.log());
        OutOfMemoryExit.install();
        JvmHeap.size();
        NativeFolder.use(config.dataDirectory());
        JvmCompilers.use(config.warmUp().compiler(), Runtime.getRuntime().availableProcessors());
        Console console = Console.ofService();
        loaded.warnings().forEach(console::warn);
        Runnel runnel =
                Runnel.start(config, console, new WarmUp(config), new Metrics()).await();
        shutdown.watch(runnel);
        serve(console, config, runnel);
    }

    private void serve(Console console, RunnelConfig config, Runnel runnel) throws IOException {
        if (awaitReady(console, runnel)) {
            printAddress(console, config, runnel);
            if (portsFile != null) {
                runnel.ports().writeTo(portsFile);
            }
        }
        runnel.closed().await();
    }

    /** Whether the default model works. If it does not, the service keeps running and is not ready. */
    private static boolean awaitReady(Console console, Runnel runnel) {
        Optional<String> problem = runnel.opened().await();
        problem.ifPresent(line -> console.warn("Not ready: " + line));
        return problem.isEmpty();
    }

    private static void printAddress(Console console, RunnelConfig config, Runnel runnel) {
        String url =
                url(config.http().tls(), config.http().host(), runnel.ports().http());
        ManagementConfig management = config.management();
        console.result("Runnel is ready on " + url + " (metrics and health: "
                + url(management.tls(), management.host(), runnel.ports().management()) + ")");
        if (config.file().isEmpty()
                && Loopback.has(config.http().host())
                && Loopback.has(config.management().host())) {
            IssuedKey key = runnel.keys()
                    .issue(new KeyRequest(
                            "development",
                            DEVELOPMENT_PLAN,
                            Scope.ALL,
                            config.auth().lifetime(DEVELOPMENT_KEY_LIFETIME)));
            console.result(config.http().playground() ? playground(url, key) + welcome(url, key) : welcome(url, key));
        }
    }

    /** A browser does not send the part after {@code #} to a server. */
    private static String playground(String url, IssuedKey key) {
        return """

            Playground (the link contains the development key):
            %s/#key=%s
            """.formatted(url, key.token());
    }

    private static String welcome(String url, IssuedKey key) {
        return """

            Development key (until %3$s, plan "unlimited"; a new one at every start):
            %2$s

            Try it:
            curl -N %1$s/v1/generate/stream \\
              -H 'Authorization: Bearer %2$s' \\
              -H 'Content-Type: application/json' \\
              -d '{"prompt": "Tell me a story"}'
            """.formatted(url, key.token(), key.expiresAt());
    }

    /** An IPv6 address gets brackets (RFC 3986 section 3.2.2), unless the setting has them. */
    static String url(Optional<TlsConfig> tls, String host, int port) {
        boolean needsBrackets = host.contains(":") && !host.startsWith("[");
        return (tls.isPresent() ? "https://" : "http://") + (needsBrackets ? "[" + host + "]" : host) + ":" + port;
    }
}
