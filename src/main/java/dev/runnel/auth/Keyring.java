package dev.runnel.auth;

import dev.runnel.config.AuthConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** All that one process needs to take and to issue keys; the verticle instances share it. */
public final class Keyring {

    private final Vertx vertx;
    private final AuthConfig config;
    private final InstantSource clock;
    private final SigningSecret secret;
    private final Map<String, TrustedIssuer> issuers;
    private final Revocations revocations = new Revocations();

    private Keyring(Vertx vertx, AuthConfig config, InstantSource clock, SigningSecret secret) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        this.secret = secret;
        ClaimRules rules =
                new ClaimRules(config.issuer(), config.audience(), "", config.leeway(), config.maxLifetime());
        KeySource keys = KeySource.fixed(new KeySet(List.of(VerificationKey.ofSecret(secret))));
        this.issuers = Map.of(config.issuer(), new TrustedIssuer(rules, keys));
    }

    /**
     * Reads the secret, or makes it.
     *
     * @param clock of the wall
     * @return fails with an {@link AuthSetupException} where keys could not be verified safely
     */
    public static Future<Keyring> open(Vertx vertx, AuthConfig config, Path dataDirectory, InstantSource clock) {
        return vertx.executeBlocking(() -> SigningSecret.open(config.secret(), dataDirectory))
                .map(secret -> new Keyring(vertx, config, clock, secret));
    }

    /** A new one, for one verticle instance. */
    public Authenticator authenticator() {
        return new Authenticator(vertx, issuers, revocations, clock);
    }

    public KeyIssuer issuer() {
        return new KeyIssuer(vertx, secret, config, clock);
    }

    public Revocations revocations() {
        return revocations;
    }
}
