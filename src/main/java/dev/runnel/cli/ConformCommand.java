package dev.runnel.cli;

import dev.runnel.conformance.Conformance;
import dev.runnel.conformance.Options;
import dev.runnel.conformance.Selection;
import dev.runnel.conformance.Trust;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Setup;
import dev.runnel.conformance.wire.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks whether a server keeps the contract, case by case. */
@Command(
        name = "conform",
        description = "Checks whether a server keeps the contract. Prints the results in TAP.",
        mixinStandardHelpOptions = true)
final class ConformCommand implements Callable<Integer> {

    @Option(names = "--url", paramLabel = "URL", description = "The server, such as http://127.0.0.1:8080.")
    private @Nullable URI url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:RUNNEL_KEY}",
            description = "The API key of all ordinary requests. Default: the variable RUNNEL_KEY.")
    private @Nullable String key;

    @ArgGroup(exclusive = false, heading = "Keys of further cases; without one, its cases are skipped:%n")
    private ConformKeys keys = new ConformKeys();

    @ArgGroup(exclusive = false, heading = "Models of further cases:%n")
    private ConformModels models = new ConformModels();

    @Option(names = "--origin", paramLabel = "ORIGIN", description = "An origin that http.cors.origins lists.")
    private @Nullable String origin;

    @Option(
            names = "--only",
            paramLabel = "GLOB",
            description = "Runs only cases of such names, for example 'request/*'. May be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--skip", paramLabel = "GLOB", description = "Leaves cases of such names out. May be repeated.")
    private List<String> skip = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = LifetimeConverter.class,
            description = "The longest time of one connection of a case (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--trust", paramLabel = "FILE", description = "PEM: certificates to trust, for an https URL.")
    private @Nullable Path trust;

    @Option(names = "--report", paramLabel = "FILE", description = "The file to write the results to, as JUnit XML.")
    private @Nullable Path report;

    @Option(names = "--json", description = "Prints one JSON document in place of TAP.")
    private boolean json;

    @Option(names = "--load", description = "Also runs cases that send many requests or wait long.")
    private boolean load;

    @Option(names = "--list", description = "Prints the names and the rules of the cases, and sends nothing.")
    private boolean list;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Conformance conformance = new Conformance(System.out, System.err);
        Selection selection = Selection.of(only, skip);
        if (list) {
            return conformance.list(selection);
        }
        return conformance.run(new Options(setup(), selection, json, Optional.ofNullable(report)));
    }

    private Setup setup() {
        if (key == null || key.isEmpty()) {
            throw wrong("--key: missing (expected: an API key, or the variable RUNNEL_KEY)");
        }
        Map<KeyRole, String> roles = new EnumMap<>(keys.roles());
        roles.put(KeyRole.MAIN, key);
        Map<ModelRole, String> names = models.roles();
        return new Setup(target(), roles, names, Optional.ofNullable(origin), load);
    }

    private Target target() {
        String scheme = url == null ? "" : String.valueOf(url.getScheme());
        if (url == null || url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw wrong("--url: " + (url == null ? "missing" : url) + " (expected: an http or https URL)");
        }
        return new Target(url, scheme.equals("https") ? Optional.of(tls()) : Optional.empty(), timeout);
    }

    private SSLContext tls() {
        try {
            return Trust.context(Optional.ofNullable(trust));
        } catch (IOException e) {
            throw wrong("--trust: " + e.getMessage());
        }
    }

    private RuntimeException wrong(String message) {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(line, message);
    }
}
