package dev.runnel.cli;

import dev.runnel.cli.source.BusSource;
import dev.runnel.cli.source.ServiceSource;
import dev.runnel.cli.source.TextSource;
import dev.runnel.config.LogConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.conformance.Trust;
import dev.runnel.log.Logs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say where the terminal commands get text from: a running service if there is a URL, else an engine
 * in this process. There is no option for a key, since other users of the machine can read command lines.
 */
final class SourceOptions {

    @Mixin
    private ConfigOption configuration = new ConfigOption();

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:RUNNEL_URL}",
            description = "A running service, such as http://127.0.0.1:8080. Default: the variable RUNNEL_URL, else the"
                    + " model runs in this process. The key comes from the variable RUNNEL_KEY, else, for a service"
                    + " on this machine, it is made with the secret of the data directory.")
    private @Nullable String url;

    @Option(names = "--trust", paramLabel = "FILE", description = "PEM: certificates to trust, for an https URL.")
    private @Nullable Path trust;

    /** Known, so that a key which a user puts there is not repeated in a message about an unknown option. */
    @Option(names = "--key", arity = "0..1", hidden = true)
    private @Nullable String key;

    /** Reads the configuration and makes the source. */
    TextSource open() {
        if (key != null) {
            throw new UsageFailure("--key: no option (expected: the variable RUNNEL_KEY, which others cannot read)");
        }
        Console console = Console.ofProcess();
        RunnelConfig config = configuration.load(console);
        quiet(config.log());
        config.data().ifPresent(NativeFolder::use);
        Optional<URI> service =
                Optional.ofNullable(url).filter(text -> !text.isEmpty()).map(ServiceKey::checkedUrl);
        if (service.isPresent()) {
            return new ServiceSource(service.get(), ServiceKey.find(service.get(), config, System.getenv()), tls());
        }
        return new BusSource(config, console);
    }

    /** What the user can act on is shown by the command itself. */
    private static void quiet(LogConfig log) {
        boolean isVerbose = log.level() == LogConfig.Level.TRACE || log.level() == LogConfig.Level.DEBUG;
        LogConfig.Level level = isVerbose ? log.level() : LogConfig.Level.ERROR;
        Logs.apply(new LogConfig(log.format(), level, false, false));
    }

    private Optional<SSLContext> tls() {
        try {
            return trust == null ? Optional.empty() : Optional.of(Trust.context(Optional.of(trust)));
        } catch (IOException e) {
            throw new CommandFailure("--trust: " + e.getMessage());
        }
    }
}
