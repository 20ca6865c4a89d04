package dev.runnel.auth;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.Allowance;
import dev.runnel.config.AuthConfig;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Local keys, from their issue to their refusal. */
@ExtendWith(VertxExtension.class)
class AuthenticatorTest {

    @TempDir
    private Path data;

    private Vertx vertx;
    private final ManualClock clock = new ManualClock();
    private Keyring keyring;
    private Authenticator authenticator;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        keyring = Keyring.open(vertx, AuthSettings.local(), data, clock).await(5, SECONDS);
        authenticator = keyring.authenticator();
    }

    @Test
    void issuedKeyIdentifiesItsCaller() throws Exception {
        IssuedKey key = issue(Duration.ofDays(1));

        Caller caller = authenticator.authenticate("Bearer " + key.token()).await(5, SECONDS);

        assertThat(caller)
                .isEqualTo(new Caller(
                        "runnel", "alice", key.id(), "standard", Scope.ALL, key.expiresAt(), Allowance.UNLIMITED));
    }

    @Test
    void narrowingClaimsComeBack() throws Exception {
        Allowance narrow = new Allowance(
                OptionalInt.of(5),
                OptionalInt.of(6),
                OptionalInt.of(7),
                OptionalInt.of(8),
                Optional.of(Set.of("tiny")));
        IssuedKey key = keyring.issuer()
                .issue(new KeyRequest("alice", "standard", Set.of(Scope.OBSERVE), Duration.ofDays(1), narrow));

        Caller caller = authenticator.authenticate("bearer " + key.token()).await(5, SECONDS);

        assertThat(caller.narrowing()).isEqualTo(narrow);
        assertThat(caller.scopes()).containsExactly(Scope.OBSERVE);
    }

    @Test
    void missingKeyIsRefusedWithWhatToSend() {
        assertRefused(null, "Bearer <API key>");
        assertRefused("  ", "Bearer <API key>");
        assertRefused("Basic YTpi", "Bearer <API key>");
    }

    @Test
    void keyIsRefusedAfterItsExpiryAndLeewayAlsoWhenItIsCached() throws Exception {
        String header = "Bearer " + issue(Duration.ofMinutes(1)).token();
        authenticator.authenticate(header).await(5, SECONDS);

        clock.pass(Duration.ofSeconds(69));
        authenticator.authenticate(header).await(5, SECONDS);

        clock.pass(Duration.ofSeconds(1));
        assertRefused(header, "expired");
    }

    @Test
    void keyOfAnotherSecretIsRefused(@TempDir Path elsewhere) throws Exception {
        var config = new AuthConfig(Optional.empty(), "runnel", "runnel", Duration.ZERO, Duration.ofDays(1), List.of());
        Keyring other = Keyring.open(vertx, config, elsewhere, clock).await(5, SECONDS);

        String token = other.issuer()
                .issue(new KeyRequest("mallory", "unlimited", Scope.ALL, Duration.ofHours(1)))
                .token();

        assertRefused("Bearer " + token, "not valid");
    }

    private IssuedKey issue(Duration lifetime) {
        return keyring.issuer().issue(new KeyRequest("alice", "standard", Scope.ALL, lifetime));
    }

    private void assertRefused(String header, String message) {
        assertThatThrownBy(() -> authenticator.authenticate(header).await(5, SECONDS))
                .isInstanceOf(AuthException.class)
                .hasMessageContaining(message);
    }
}
