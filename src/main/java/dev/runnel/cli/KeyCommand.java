package dev.runnel.cli;

import dev.runnel.FilelessVertx;
import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.KeyRecord;
import dev.runnel.auth.KeyRegistry;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.auth.SigningSecret;
import dev.runnel.config.PlanConfig;
import dev.runnel.config.RunnelConfig;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Issues, revokes and shows API keys. Needs the data directory and the configuration, not a running service. */
@Command(
        name = "key",
        description = "Issues, revokes and shows API keys.",
        subcommands = {KeyCommand.Issue.class, KeyCommand.Revoke.class, KeyCommand.Listing.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {

    private static KeyRegistry registry(RunnelConfig config) {
        return new KeyRegistry(config.dataDirectory(), InstantSource.system());
    }

    @Command(
            name = "issue",
            description = "Issues a key and prints the key alone on standard output. It is not stored.",
            mixinStandardHelpOptions = true)
    static final class Issue implements Callable<Integer> {

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Option(names = "--subject", required = true, paramLabel = "NAME", description = "The name of the key's owner.")
        private String subject = "";

        @Option(
                names = "--plan",
                paramLabel = "PLAN",
                defaultValue = "unlimited",
                description = "The plan with its limits, one of the configuration (default: ${DEFAULT-VALUE}).")
        private String plan = "";

        @Option(
                names = "--expires",
                paramLabel = "DURATION",
                defaultValue = "90d",
                converter = LifetimeConverter.class,
                description = "How long it is valid, such as 12h or 90d (default: ${DEFAULT-VALUE}).")
        private Duration lifetime = Duration.ZERO;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                converter = ScopeConverter.class,
                description = "What the key allows: generate (to start, attach to and cancel generations),"
                        + " observe (to read them). Default: both.")
        private Set<Scope> scopes = EnumSet.noneOf(Scope.class);

        @Override
        public Integer call() throws Exception {
            return configuration.run(this::issue);
        }

        private void issue(RunnelConfig config, Console console) {
            if (config.plans().stream().noneMatch(known -> known.name().equals(plan))) {
                throw new CommandFailure(plan + ": unknown plan (expected: one of "
                        + config.plans().stream().map(PlanConfig::name).collect(Collectors.joining(", ")) + ")");
            }
            IssuedKey key = issue(config);
            console.warn("Key " + key.id() + ", until " + key.expiresAt());
            console.result(key.token());
        }

        private IssuedKey issue(RunnelConfig config) {
            Vertx vertx = Vertx.vertx(FilelessVertx.options());
            try {
                SigningSecret secret = SigningSecret.open(config.auth().secret(), config.dataDirectory());
                KeyIssuer issuer = new KeyIssuer(vertx, secret, config.auth(), InstantSource.system());
                Set<Scope> given = scopes.isEmpty() ? Scope.ALL : scopes;
                return registry(config).issue(issuer, new KeyRequest(subject, plan, given, lifetime));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(e.getMessage());
            } finally {
                vertx.close().await();
            }
        }
    }

    @Command(
            name = "revoke",
            description = "Revokes a key. A running service refuses it within a second and ends its streams.",
            mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Parameters(
                paramLabel = "ID",
                description =
                        "The key's id, from `key list`. For a key of another issuer: its iss, a slash and its jti.")
        private String id = "";

        @Override
        public Integer call() throws Exception {
            return configuration.run(this::revoke);
        }

        private void revoke(RunnelConfig config, Console console) {
            console.warn(
                    switch (revoke(registry(config))) {
                        case REVOKED -> id + ": revoked";
                        case REVOKED_BEFORE -> id + ": was revoked before";
                        case REVOKED_UNKNOWN -> id + ": revoked; no key of this id was issued here";
                    });
        }

        private KeyRegistry.Outcome revoke(KeyRegistry registry) {
            try {
                return registry.revoke(id);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(e.getMessage());
            }
        }
    }

    @Command(
            name = "list",
            description = "Shows the keys that were issued and revoked, oldest first.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {

        private static final String NOTHING = "-";
        private static final String[] HEADING = {"ID", "SUBJECT", "PLAN", "ISSUED", "EXPIRES", "REVOKED"};
        private static final int GAP = 2;

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Override
        public Integer call() throws Exception {
            return configuration.run(Listing::list);
        }

        private static void list(RunnelConfig config, Console console) {
            KeyRegistry.Contents contents = registry(config).read();
            contents.problems().forEach(console::warn);
            console.result(table(contents.keys()));
        }

        /** One line per key under a heading; each column is as wide as its longest value. */
        static String table(List<KeyRecord> keys) {
            List<String[]> rows = Stream.concat(
                            Stream.<String[]>of(HEADING), keys.stream().map(Listing::row))
                    .toList();
            Column[] columns = IntStream.range(0, HEADING.length)
                    .mapToObj(column -> new Column(width(rows, column) + GAP, 0, Column.Overflow.TRUNCATE))
                    .toArray(Column[]::new);
            TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
            rows.forEach(table::addRowValues);
            return table.toString().stripTrailing();
        }

        private static int width(List<String[]> rows, int column) {
            return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
        }

        private static String[] row(KeyRecord key) {
            return new String[] {
                key.id(),
                key.subject().orElse(NOTHING),
                key.plan().orElse(NOTHING),
                time(key.issuedAt()),
                time(key.expiresAt()),
                time(key.revokedAt())
            };
        }

        private static String time(Optional<Instant> instant) {
            return instant.map(Instant::toString).orElse(NOTHING);
        }
    }
}
