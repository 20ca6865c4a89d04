package dev.runnel.auth;

import dev.runnel.config.AuthConfig;
import dev.runnel.config.IssuerConfig;
import dev.runnel.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What one process needs to verify and issue keys. The verticle instances share it. Until it is closed, it reads new
 * revocations from the registry and new keys from the key sets of trusted issuers.
 */
public final class Keyring {

    private final Vertx vertx;
    private final AuthConfig config;
    private final InstantSource clock;
    private final SigningSecret secret;
    private final HttpClientAgent client;
    private final Revocations revocations = new Revocations();
    private final Optional<RevocationWatch> watch;
    private final List<Long> timers = new CopyOnWriteArrayList<>();
    private volatile Map<String, TrustedIssuer> issuers = Map.of();

    private Keyring(
            Vertx vertx, AuthConfig config, Optional<KeyRegistry> registry, InstantSource clock, SigningSecret secret) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        this.secret = secret;
        this.client = vertx.createHttpClient(new HttpClientOptions().setSsl(true));
        this.watch = registry.map(log -> new RevocationWatch(vertx, log, revocations, clock));
    }

    /**
     * Reads or creates the secret, and reads the revocations and the keys of all trusted issuers.
     *
     * @param clock the wall clock
     * @return fails with an {@link AuthSetupException} when keys cannot be verified safely
     */
    public static Future<Keyring> open(Vertx vertx, AuthConfig config, Path dataDirectory, InstantSource clock) {
        return vertx.executeBlocking(() -> SigningSecret.open(config.secret(), dataDirectory))
                .map(secret ->
                        new Keyring(vertx, config, Optional.of(new KeyRegistry(dataDirectory, clock)), clock, secret))
                .compose(Keyring::open);
    }

    /**
     * As {@link #open(Vertx, AuthConfig, Path, InstantSource)}, without any file: with a secret of the configuration,
     * and without revocations.
     */
    public static Future<Keyring> withoutRegistry(Vertx vertx, AuthConfig config, Secret secret, InstantSource clock) {
        return new Keyring(vertx, config, Optional.empty(), clock, SigningSecret.of(secret)).open();
    }

    /** A new authenticator, for one verticle instance. */
    public Authenticator authenticator() {
        return new Authenticator(vertx, issuers, revocations, clock);
    }

    public KeyIssuer issuer() {
        return new KeyIssuer(vertx, secret, config, clock);
    }

    /** Names the secret that signs local keys, and does not reveal it. */
    public String secretFingerprint() {
        return VerificationKey.ofSecret(secret).fingerprint();
    }

    public Revocations revocations() {
        return revocations;
    }

    /**
     * Stops all reads. Keys are still verified, with what is known.
     *
     * @return completes when no read of the key log is in progress any more
     */
    public Future<Void> close() {
        timers.forEach(vertx::cancelTimer);
        return watch.map(RevocationWatch::stop)
                .orElseGet(Future::succeededFuture)
                .transform(stopped -> client.close());
    }

    private Future<Keyring> open() {
        List<Future<TrustedIssuer>> trusted =
                config.trusted().stream().map(this::trusted).toList();
        return Future.all(trusted)
                .map(all -> byName(all.<TrustedIssuer>list()))
                .onSuccess(byName -> issuers = byName)
                .compose(all -> watch.map(RevocationWatch::start).orElseGet(Future::succeededFuture))
                .map(this)
                .recover(cause -> close().transform(closed -> Future.failedFuture(cause)));
    }

    private Map<String, TrustedIssuer> byName(List<TrustedIssuer> trusted) {
        Map<String, TrustedIssuer> byName = new LinkedHashMap<>();
        trusted.forEach(issuer -> byName.put(issuer.rules().issuer(), issuer));
        // Last, so that no trusted issuer replaces it.
        KeySource own = KeySource.fixed(new KeySet(List.of(VerificationKey.ofSecret(secret))));
        byName.put(config.issuer(), new TrustedIssuer(rules(config.issuer(), config.audience(), ""), own));
        return Map.copyOf(byName);
    }

    private Future<TrustedIssuer> trusted(IssuerConfig issuer) {
        ClaimRules rules = rules(issuer.issuer(), issuer.audience(), issuer.issuer() + "/");
        return keys(issuer).map(keys -> new TrustedIssuer(rules, keys));
    }

    private ClaimRules rules(String issuer, String audience, String idPrefix) {
        return new ClaimRules(issuer, audience, idPrefix, config.leeway(), config.maxLifetime());
    }

    private Future<? extends KeySource> keys(IssuerConfig issuer) {
        if (issuer.jwksUrl().isPresent()) {
            return periodicallyRead(
                    issuer,
                    new JwkSource(
                            issuer.issuer(),
                            JwkPlace.url(client, issuer.jwksUrl().get()),
                            clock));
        }
        return issuer.jwksFile().isPresent()
                ? periodicallyRead(
                        issuer,
                        new JwkSource(
                                issuer.issuer(),
                                JwkPlace.file(vertx, issuer.jwksFile().get()),
                                clock))
                : vertx.executeBlocking(() -> PemSource.read(issuer));
    }

    private Future<JwkSource> periodicallyRead(IssuerConfig issuer, JwkSource source) {
        return source.open().onSuccess(open -> timers.add(open.refreshEvery(issuer.refresh(), vertx)));
    }
}
