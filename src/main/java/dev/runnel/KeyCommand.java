package dev.runnel;

import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Issues API keys. */
@Command(
        name = "key",
        description = "Issues API keys.",
        subcommands = KeyCommand.Issue.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {

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
                description = "The plan that limits it (default: ${DEFAULT-VALUE}).")
        private String plan = "";

        @Option(
                names = "--expires",
                paramLabel = "DURATION",
                defaultValue = "90d",
                converter = LifetimeConverter.class,
                description = "How long it is good for, such as 12h or 90d (default: ${DEFAULT-VALUE}).")
        private Duration lifetime = Duration.ZERO;

        @Override
        public Integer call() {
            Console console = Console.ofProcess();
            RunnelConfig config = configuration.read(console);
            Vertx vertx = Vertx.vertx();
            try {
                Keyring keyring = Keyring.open(vertx, config.auth(), config.dataDirectory(), InstantSource.system())
                        .await();
                IssuedKey key = keyring.issuer().issue(new KeyRequest(subject, plan, Scope.ALL, lifetime));
                console.result(key.token());
            } finally {
                vertx.close().await();
            }
            return 0;
        }
    }
}
