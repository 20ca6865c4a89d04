package dev.runnel.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.Allowance;
import dev.runnel.config.PlanConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a new key contains, and which requests are refused. */
@ExtendWith(VertxExtension.class)
class KeyIssuerTest {

    private final ManualClock clock = new ManualClock();
    private final KeyIssuer issuer;

    KeyIssuerTest(Vertx vertx) {
        var settings = AuthSettings.local();
        issuer = new KeyIssuer(vertx, SigningSecret.open(settings.secret(), Path.of("/nowhere")), settings, clock);
    }

    @Test
    void keyHasEveryClaimOfTheContract() {
        IssuedKey key = issuer.issue(request("alice", "standard", Duration.ofDays(90)));

        long now = clock.instant().getEpochSecond();
        assertThat(part(key, 0)).isEqualTo(new JsonObject().put("typ", "JWT").put("alg", "HS256"));
        assertThat(part(key, 1))
                .isEqualTo(new JsonObject()
                        .put("iss", "runnel")
                        .put("aud", "runnel")
                        .put("sub", "alice")
                        .put("jti", key.id())
                        .put("iat", (int) now)
                        .put("exp", (int) (now + 90 * 86400))
                        .put("plan", "standard")
                        .put("scope", "generate observe"));
        assertThat(key.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(90)));
    }

    @Test
    void idsDiffer() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(issuer.issue(request("alice", "standard", Duration.ofDays(1)))
                    .id());
        }
        assertThat(ids).hasSize(1000).allMatch(id -> id.matches("key_[A-Za-z0-9_-]{16}"));
    }

    @Test
    void requestOutOfItsRangesIsRefused() {
        assertRefused(request("", "standard", Duration.ofDays(1)), "subject: ");
        assertRefused(request("a\nb", "standard", Duration.ofDays(1)), "subject: ");
        assertRefused(request("x".repeat(257), "standard", Duration.ofDays(1)), "subject: ");
        assertRefused(request("alice", "", Duration.ofDays(1)), "plan: ");
        assertRefused(request("alice", "standard", Duration.ZERO), "lifetime: 0 s");
        assertRefused(request("alice", "standard", Duration.ofDays(-1)), "lifetime: ");
        assertRefused(request("alice", "standard", Duration.ofDays(367)), "auth.maxLifetime");
        assertRefused(new KeyRequest("alice", "standard", Set.of(), Duration.ofDays(1)), "scopes: empty");
    }

    @Test
    void issuedKeyDoesNotPrintItsToken() {
        IssuedKey key = issuer.issue(request("alice", "standard", Duration.ofDays(1)));

        assertThat(key.toString()).contains(key.id()).doesNotContain(key.token());
    }

    @Test
    void registryKnowsTheKeysThatItIssued(@TempDir Path data) {
        KeyRegistry registry = new KeyRegistry(data, clock);

        IssuedKey key = registry.issue(issuer, request("alice", "standard", Duration.ofDays(1)));

        assertThat(registry.list())
                .containsExactly(new KeyRecord(
                        key.id(),
                        Optional.of("alice"),
                        Optional.of("standard"),
                        Scope.ALL,
                        Optional.of(clock.instant()),
                        Optional.of(key.expiresAt()),
                        Optional.empty()));
    }

    @Test
    void claimsNarrowThePlanAndNeverWidenIt() {
        Allowance plan = allowance(60, 1000, 4, Set.of("a", "b"));
        Plans plans = new Plans(List.of(new PlanConfig("standard", plan), new PlanConfig("free", Allowance.UNLIMITED)));

        assertThat(plans.allowanceOf(caller("standard", Allowance.UNLIMITED))).contains(plan);
        assertThat(plans.allowanceOf(caller("standard", allowance(10, 5000, 9, Set.of("b", "c")))))
                .contains(allowance(10, 1000, 4, Set.of("b")));
        assertThat(plans.allowanceOf(caller("free", plan))).contains(plan);
        assertThat(plans.allowanceOf(caller("gone", plan))).isEmpty();
    }

    @Test
    void shareIsThePlans() {
        Plans plans = new Plans(
                List.of(new PlanConfig("half", Allowance.UNLIMITED, 0.5), new PlanConfig("free", Allowance.UNLIMITED)));

        assertThat(plans.shareOf(caller("half", Allowance.UNLIMITED))).isEqualTo(0.5);
        assertThat(plans.shareOf(caller("free", Allowance.UNLIMITED))).isEqualTo(1);
        assertThat(plans.shareOf(caller("gone", Allowance.UNLIMITED))).isEqualTo(1);
    }

    private Caller caller(String plan, Allowance narrowing) {
        return new Caller("alice", "key_1", plan, Scope.ALL, clock.instant(), narrowing);
    }

    private static Allowance allowance(int requests, int tokens, int generations, Set<String> models) {
        return new Allowance(
                OptionalInt.of(requests),
                OptionalInt.of(tokens),
                OptionalInt.of(generations),
                OptionalInt.empty(),
                Optional.of(models));
    }

    private static KeyRequest request(String subject, String plan, Duration lifetime) {
        return new KeyRequest(subject, plan, Scope.ALL, lifetime);
    }

    private void assertRefused(KeyRequest request, String message) {
        assertThatThrownBy(() -> issuer.issue(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static JsonObject part(IssuedKey key, int index) {
        String segment = key.token().split("\\.", -1)[index];
        return new JsonObject(new String(Base64.getUrlDecoder().decode(segment), UTF_8));
    }
}
