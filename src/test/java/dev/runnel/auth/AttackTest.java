package dev.runnel.auth;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.runnel.config.IssuerConfig;
import dev.runnel.config.PublicKeyConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens of an attacker. Each is refused with a message that reveals nothing, and valid keys are still accepted.
 */
@ExtendWith(VertxExtension.class)
class AttackTest {

    private static final KeyPair RSA = Forge.rsa(2048);
    private static final KeyPair EC = Forge.p256();

    @TempDir
    private static Path data;

    private static Keyring keyring;
    private static final ManualClock CLOCK = new ManualClock();
    private static final Attacks ATTACKS = new Attacks(CLOCK, RSA);

    private Authenticator authenticator;

    @BeforeAll
    static void open(Vertx vertx) throws Exception {
        Path rsa = Files.writeString(data.resolve("rsa.pem"), PublicKeys.toPem(RSA.getPublic()));
        Path ec = Files.writeString(data.resolve("ec.pem"), PublicKeys.toPem(EC.getPublic()));
        IssuerConfig ci = new IssuerConfig(
                "ci",
                "runnel",
                Optional.empty(),
                Optional.empty(),
                List.of(
                        new PublicKeyConfig(Optional.of("rsa-1"), "RS256", rsa),
                        new PublicKeyConfig(Optional.of("ec-1"), "ES256", ec)),
                Duration.ofMinutes(10));
        keyring = Keyring.open(vertx, AuthSettings.trusting(ci), data, CLOCK).await(5, SECONDS);
    }

    @AfterAll
    static void close() throws Exception {
        keyring.close().await(5, SECONDS);
    }

    @BeforeEach
    void fresh() {
        authenticator = keyring.authenticator();
    }

    @Test
    void validKeysAreAccepted() throws Exception {
        assertThat(caller(ATTACKS.local(claims -> {})).keyId()).isEqualTo("key_1");
        assertThat(caller(ATTACKS.ci(claims -> {})).keyId()).isEqualTo("ci/key_1");
        assertThat(caller(ATTACKS.local(claims -> claims.put("aud", JsonArray.of("other", "runnel")))))
                .isNotNull();
        assertThat(caller(ATTACKS.local(claims -> claims.put("nbf", ATTACKS.now() + 10))))
                .isNotNull();
        assertThat(caller(ATTACKS.local(claims -> claims.put("exp", ATTACKS.now() + 0.5))))
                .isNotNull();
        assertThat(caller(ATTACKS.local(claims -> claims.put("scope", "openid observe")))
                        .scopes())
                .containsExactly(Scope.OBSERVE);
        assertThat(caller(ATTACKS.local(claims -> claims.put("scope", "openid")))
                        .scopes())
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> tokenIsRefused() {
        return ATTACKS.table().entrySet().stream()
                .map(attack -> DynamicTest.dynamicTest(attack.getKey(), () -> assertRefused(attack.getValue())));
    }

    private void assertRefused(String token) throws Exception {
        Throwable failure = catchThrowable(
                () -> authenticator.authenticate("Bearer " + token).await(5, SECONDS));

        assertThat(failure).isInstanceOf(AuthException.class);
        assertThat(failure.getMessage())
                .hasSizeLessThan(200)
                .doesNotContain("Exception", "io.vertx", "java.", AuthSettings.SECRET);
        assertThat(failure.getStackTrace()).isEmpty();
        assertThat(caller(ATTACKS.local(claims -> {}))).isNotNull();
    }

    @Test
    void otherHeaderValuesAreRefused() {
        String good = ATTACKS.local(claims -> {});
        for (String value : List.of(
                good,
                "Bearer",
                "Bearer ",
                "Basic " + good,
                "Bearer" + good,
                "Token " + good,
                "Bearer a " + good,
                "Bearer " + good + ", Bearer " + good,
                "Bearer\t" + good)) {
            assertThat(catchThrowable(() -> authenticator.authenticate(value).await(5, SECONDS)))
                    .as(value.substring(0, Math.min(10, value.length())))
                    .isInstanceOf(AuthException.class);
        }
    }

    @Test
    void refusedTokensAreNotCached() throws Exception {
        String early = ATTACKS.local(claims -> claims.put("nbf", ATTACKS.now() + 60));
        assertRefused(early);

        CLOCK.pass(Duration.ofSeconds(60));

        assertThat(caller(early)).isNotNull();
    }

    private Caller caller(String token) throws Exception {
        return authenticator.authenticate("Bearer " + token).await(5, SECONDS);
    }
}
