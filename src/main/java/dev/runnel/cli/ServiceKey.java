package dev.runnel.cli;

import dev.runnel.FilelessVertx;
import dev.runnel.Loopback;
import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.auth.SigningSecret;
import dev.runnel.config.PlanConfig;
import dev.runnel.config.RunnelConfig;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * The key of the terminal commands for a service: the variable {@code RUNNEL_KEY}, else a new one that the secret of
 * the data directory signs. Such a key is valid at the service of this directory, so only an address of this machine
 * gets it.
 */
final class ServiceKey {

    private static final String VARIABLE = "RUNNEL_KEY";
    private static final String SUBJECT = "terminal";
    private static final String UNLIMITED = "unlimited";
    private static final Duration LIFETIME = Duration.ofHours(24);

    private ServiceKey() {}

    /** The URL, if it is one of a service. */
    static URI checkedUrl(String text) {
        try {
            URI url = URI.create(text);
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (isHttp && url.getHost() != null && url.getRawUserInfo() == null && url.getRawQuery() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The same complaint follows.
        }
        throw new UsageFailure("--url: not usable (expected: an http or https URL without a user and a query)");
    }

    static String find(URI service, RunnelConfig config, Map<String, String> environment) {
        String key = environment.getOrDefault(VARIABLE, "").strip();
        if (!key.isEmpty()) {
            if (key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new CommandFailure(VARIABLE + ": not a key (expected: printable ASCII characters)");
            }
            return key;
        }
        if (!Loopback.has(service.getHost())) {
            throw new CommandFailure(VARIABLE + ": not set (expected: an API key of " + service.getHost() + ")");
        }
        if (config.auth().secret().isEmpty()
                && Files.notExists(config.dataDirectory().resolve(SigningSecret.FILE_NAME))) {
            throw new CommandFailure(VARIABLE + ": not set, and " + config.dataDirectory()
                    + " has no secret to make a key with (expected: a key, or the data directory of the service)");
        }
        return issued(config);
    }

    private static String issued(RunnelConfig config) {
        String plan = config.plans().stream()
                .map(PlanConfig::name)
                .filter(UNLIMITED::equals)
                .findFirst()
                .orElseGet(() -> config.plans().get(0).name());
        Vertx vertx = Vertx.vertx(FilelessVertx.options().setEventLoopPoolSize(1));
        try {
            SigningSecret secret = SigningSecret.open(config.auth().secret(), config.dataDirectory());
            return new KeyIssuer(vertx, secret, config.auth(), InstantSource.system())
                    .issue(new KeyRequest(
                            SUBJECT, plan, Scope.ALL, config.auth().lifetime(LIFETIME)))
                    .token();
        } finally {
            vertx.close().await();
        }
    }
}
