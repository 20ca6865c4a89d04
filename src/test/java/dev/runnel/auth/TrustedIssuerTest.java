package dev.runnel.auth;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.AuthConfig;
import dev.runnel.config.IssuerConfig;
import dev.runnel.config.PublicKeyConfig;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of other issuers, from PEM files and from key sets. */
@ExtendWith(VertxExtension.class)
class TrustedIssuerTest {

    private static final String ISSUER = "https://id.example/";

    @TempDir
    private Path data;

    private final Vertx vertx;
    private final ManualClock clock = new ManualClock();
    private final List<Keyring> open = new ArrayList<>();

    TrustedIssuerTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void close() throws Exception {
        for (Keyring keyring : open) {
            keyring.close().await(5, SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void keyInAPemFileVerifies(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        Authenticator authenticator = pem(algorithm, Optional.of("k1"), PublicKeys.toPem(pair.getPublic()));

        Caller caller = authenticate(authenticator, token(algorithm, "k1", pair));

        assertThat(caller.subject()).isEqualTo("alice");
        assertThat(caller.keyId()).isEqualTo(ISSUER + "/key_1");
        assertRefused(authenticator, token(algorithm, "k2", pair));
        assertRefused(authenticator, token(algorithm, "k1", pair(algorithm)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void keyInASetVerifies(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        Authenticator authenticator = jwks(write("jwks.json", set(Forge.jwk(algorithm, "k1", pair.getPublic()))));

        assertThat(authenticate(authenticator, token(algorithm, "k1", pair)).subject())
                .isEqualTo("alice");
        assertRefused(authenticator, token(algorithm, "k1", pair(algorithm)));
    }

    @Test
    void newKeyInTheSetIsAcceptedAndTheRemovedOneIsNot() throws Exception {
        KeyPair before = Forge.ed25519();
        KeyPair after = Forge.ed25519();
        Path file = write("jwks.json", set(Forge.jwk("EdDSA", "before", before.getPublic())));
        Authenticator authenticator = jwks(file);
        String cached = token("EdDSA", "before", before);
        authenticate(authenticator, cached);

        Files.writeString(file, set(Forge.jwk("EdDSA", "after", after.getPublic())));
        clock.pass(JwkSource.PAUSE);

        assertThat(authenticate(authenticator, token("EdDSA", "after", after))).isNotNull();
        assertRefused(authenticator, cached);
    }

    @Test
    void answerThatWaitsForKeysComesOnTheCallersContext(VertxTestContext test) throws Exception {
        KeysUnderWay keys = new KeysUnderWay();
        Authenticator authenticator = keys.authenticator(vertx);
        Context context = vertx.getOrCreateContext();

        context.runOnContext(turn -> {
            authenticator
                    .authenticate("Bearer " + keys.token("standard"))
                    .onComplete(test.succeeding(caller -> test.verify(() -> {
                        assertThat(Vertx.currentContext()).isSameAs(context);
                        test.completeNow();
                    })));
            keys.arrive();
        });
    }

    @Test
    void keyOfOneIssuerIsRefusedForAnother() throws Exception {
        KeyPair pair = Forge.ed25519();
        Authenticator authenticator = pem("EdDSA", Optional.of("k1"), PublicKeys.toPem(pair.getPublic()));
        String claims = Claims.good("runnel", clock.instant()).encode();

        assertRefused(authenticator, Forge.signed("EdDSA", Forge.header("EdDSA", "k1"), claims, pair.getPrivate()));
    }

    @Test
    void revocationOfOneIssuersKeyLeavesTheSameIdOfAnother() throws Exception {
        KeyPair pair = Forge.ed25519();
        new KeyRegistry(data, clock).revoke("key_1");
        Authenticator authenticator = pem("EdDSA", Optional.of("k1"), PublicKeys.toPem(pair.getPublic()));

        assertThat(authenticate(authenticator, token("EdDSA", "k1", pair)).keyId())
                .endsWith("/key_1");
    }

    @Test
    void privateKeyInAPemFileIsRefused() throws IOException {
        String text = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(Forge.ed25519().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";

        assertStartIsRefused("EdDSA", text, "a PEM block of the kind PRIVATE KEY");
    }

    @Test
    void pemFileThatDoesNotFitIsRefused() throws IOException {
        assertStartIsRefused("EdDSA", "", "no PEM block");
        assertStartIsRefused("EdDSA", "hello", "no PEM block");
        assertStartIsRefused("RS256", PublicKeys.toPem(Forge.rsa(1024).getPublic()), "not a key for RS256");
        assertStartIsRefused("RS256", PublicKeys.toPem(Forge.p256().getPublic()), "expected: PEM");
        assertStartIsRefused("EdDSA", PublicKeys.toPem(Forge.p256().getPublic()), "expected: PEM");
        assertStartIsRefused("ES256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "expected: PEM");
    }

    @Test
    void missingFilesAreRefusedByName() {
        Path missing = data.resolve("missing");
        assertThatThrownBy(() -> keyring(issuer(Optional.of(missing))))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining(ISSUER)
                .hasMessageContaining("missing");
        assertThatThrownBy(() ->
                        keyring(issuer(Optional.empty(), new PublicKeyConfig(Optional.empty(), "ES256", missing))))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void issuerWithoutAnyKeyIsRefused() {
        assertThatThrownBy(() -> keyring(issuer(Optional.empty())))
                .isInstanceOf(AuthSetupException.class)
                .hasMessage("auth.trusted: " + ISSUER + " has no key (expected: 1 or more)");
    }

    @Test
    void twoKeysOfOneNameAreRefused() throws IOException {
        Path one = write("1.pem", PublicKeys.toPem(Forge.ed25519().getPublic()));
        PublicKeyConfig key = new PublicKeyConfig(Optional.of("k"), "EdDSA", one);

        assertThatThrownBy(() -> keyring(issuer(Optional.empty(), key, key)))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining("two keys for EDDSA k");
    }

    private Authenticator pem(String algorithm, Optional<String> id, String text) throws Exception {
        return keyring(issuer(Optional.empty(), new PublicKeyConfig(id, algorithm, write("key.pem", text))))
                .authenticator();
    }

    private Authenticator jwks(Path file) throws Exception {
        return keyring(issuer(Optional.of(file))).authenticator();
    }

    private static IssuerConfig issuer(Optional<Path> jwks, PublicKeyConfig... keys) {
        return new IssuerConfig(ISSUER, "runnel", Optional.empty(), jwks, List.of(keys), Duration.ofHours(1));
    }

    private Keyring keyring(IssuerConfig issuer) throws Exception {
        AuthConfig config = AuthSettings.trusting(issuer);
        Keyring keyring = Keyring.open(vertx, config, data, clock).await(5, SECONDS);
        open.add(keyring);
        return keyring;
    }

    private void assertStartIsRefused(String algorithm, String pem, String message) throws IOException {
        assertThatThrownBy(() -> pem(algorithm, Optional.empty(), pem))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining("key.pem")
                .hasMessageContaining(message);
    }

    private String token(String algorithm, String keyId, KeyPair pair) {
        String claims = Claims.good(ISSUER, clock.instant()).encode();
        return Forge.signed(algorithm, Forge.header(algorithm, keyId), claims, pair.getPrivate());
    }

    private static Caller authenticate(Authenticator authenticator, String token) throws Exception {
        return authenticator.authenticate("Bearer " + token).await(5, SECONDS);
    }

    private static void assertRefused(Authenticator authenticator, String token) {
        assertThatThrownBy(() -> authenticate(authenticator, token)).isInstanceOf(AuthException.class);
    }

    private static KeyPair pair(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> Forge.p256();
            case "EdDSA" -> Forge.ed25519();
            default -> Forge.rsa(2048);
        };
    }

    private static String set(JsonObject key) {
        return new JsonObject().put("keys", JsonArray.of(key)).encode();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(data.resolve(name), text);
    }
}
