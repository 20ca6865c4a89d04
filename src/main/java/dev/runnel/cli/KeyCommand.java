package dev.runnel.cli;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
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
            description = "Issues a key and prints it, alone, on standard output. It is kept nowhere.",
            mixinStandardHelpOptions = true)
    static final class Issue implements Callable<Integer> {

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Option(names = "--subject", required = true, paramLabel = "NAME", description = "Whom the key is for.")
        private String subject = "";

        @Option(
                names = "--plan",
                paramLabel = "PLAN",
                defaultValue = "unlimited",
                description = "The plan that limits it, one of the configuration's (default: ${DEFAULT-VALUE}).")
        private String plan = "";

        @Option(
                names = "--expires",
                paramLabel = "DURATION",
                defaultValue = "90d",
                converter = LifetimeConverter.class,
                description = "How long it is good for, such as 12h or 90d (default: ${DEFAULT-VALUE}).")
        private Duration lifetime = Duration.ZERO;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                converter = ScopeConverter.class,
                description = "What it may be used for: generate (to start and cancel generations), observe (to look at"
                        + " them). Both without this option.")
        private Set<Scope> scopes = EnumSet.noneOf(Scope.class);

        @Override
        public Integer call() {
            Console console = Console.ofProcess();
            RunnelConfig config = configuration.read(console);
            if (config.plans().stream().noneMatch(known -> known.name().equals(plan))) {
                throw new CommandFailure(plan + ": unknown plan (expected: one of "
                        + config.plans().stream().map(PlanConfig::name).collect(Collectors.joining(", ")) + ")");
            }
            IssuedKey key = issue(config);
            console.say("Key " + key.id() + ", until " + key.expiresAt());
            console.result(key.token());
            return 0;
        }

        private IssuedKey issue(RunnelConfig config) {
            Vertx vertx = Vertx.vertx();
            try {
                SigningSecret secret = SigningSecret.open(config.auth().secret(), config.dataDirectory());
                KeyIssuer issuer = new KeyIssuer(vertx, secret, config.auth(), InstantSource.system());
                Set<Scope> given = scopes.isEmpty() ? Scope.ALL : scopes;
                return registry(config).issue(issuer, new KeyRequest(subject, plan, given, lifetime));
            } finally {
                vertx.close().await();
            }
        }
    }

    @Command(
            name = "revoke",
            description = "Has a key taken no more. A running service knows within a second, and ends its streams.",
            mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Parameters(
                paramLabel = "ID",
                description = "The key's id (of `key list`; of a key of another issuer: its iss, a slash, its jti).")
        private String id = "";

        @Override
        public Integer call() {
            Console console = Console.ofProcess();
            RunnelConfig config = configuration.read(console);
            console.say(
                    switch (registry(config).revoke(id)) {
                        case REVOKED -> id + ": revoked";
                        case REVOKED_BEFORE -> id + ": was revoked before";
                        case REVOKED_UNKNOWN -> id + ": revoked; no key of this id was issued here";
                    });
            return 0;
        }
    }

    @Command(
            name = "list",
            description = "Shows the keys that were issued and revoked, oldest first.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {

        private static final String NOTHING = "-";

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Override
        public Integer call() {
            Console console = Console.ofProcess();
            RunnelConfig config = configuration.read(console);
            Table table = new Table("ID", "SUBJECT", "PLAN", "ISSUED", "EXPIRES", "REVOKED");
            registry(config).list().forEach(key -> add(table, key));
            console.result(table.show());
            return 0;
        }

        private static void add(Table table, KeyRecord key) {
            table.row(
                    key.id(),
                    key.subject().orElse(NOTHING),
                    key.plan().orElse(NOTHING),
                    time(key.issuedAt()),
                    time(key.expiresAt()),
                    time(key.revokedAt()));
        }

        private static String time(Optional<Instant> instant) {
            return instant.map(Instant::toString).orElse(NOTHING);
        }
    }
}
