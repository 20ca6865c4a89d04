package dev.runnel.auth;

import dev.runnel.config.Allowance;
import dev.runnel.config.AuthConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;

/** Makes local keys: tokens with the claims that {@link ClaimRules} reads, signed with the local secret. */
public final class KeyIssuer {

    /** 96 random bits, so that no two keys have the same id. */
    private static final int ID_BYTES = 12;

    private final JWTAuth signer;
    private final AuthConfig config;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public KeyIssuer(Vertx vertx, SigningSecret secret, AuthConfig config, InstantSource clock) {
        this.signer = VerificationKey.ofSecret(secret).verifier(vertx);
        this.config = config;
        this.clock = clock;
    }

    /**
     * Makes one key. It is not stored.
     *
     * @throws IllegalArgumentException when a value of the request is out of its range; the message is for the operator
     */
    public IssuedKey issue(KeyRequest request) {
        check(request);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(request.lifetime());
        String id = newId();
        JsonObject claims = new JsonObject()
                .put("iss", config.issuer())
                .put("aud", config.audience())
                .put("sub", request.subject())
                .put("jti", id)
                .put("iat", now.getEpochSecond())
                .put("exp", expiresAt.getEpochSecond())
                .put("plan", request.plan())
                .put("scope", Scope.format(request.scopes()));
        narrow(claims, request.narrowing());
        JWTOptions options = new JWTOptions().setAlgorithm(Algorithm.HS256.joseName());
        return new IssuedKey(signer.generateToken(claims, options), id, expiresAt);
    }

    private void check(KeyRequest request) {
        checkText("subject", request.subject(), ClaimRules.MAX_SUBJECT_CHARS);
        checkText("plan", request.plan(), ClaimRules.MAX_PLAN_CHARS);
        if (request.scopes().isEmpty()) {
            throw new IllegalArgumentException(
                    "scopes: empty (expected: " + Scope.format(Scope.ALL) + ", or one of them)");
        }
        if (request.lifetime().toSeconds() < 1 || request.lifetime().compareTo(config.maxLifetime()) > 0) {
            throw new IllegalArgumentException("lifetime: " + request.lifetime().toSeconds() + " s (expected: 1 … "
                    + config.maxLifetime().toSeconds() + ", which is auth.maxLifetime)");
        }
    }

    private static void checkText(String name, String value, int maxChars) {
        if (!ClaimRules.isPrintable(value, maxChars)) {
            throw new IllegalArgumentException(
                    name + ": not usable (expected: 1 … " + maxChars + " printable characters)");
        }
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return "key_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void narrow(JsonObject claims, Allowance narrowing) {
        put(claims, "requestsPerMinute", narrowing.requestsPerMinute());
        put(claims, "tokensPerMinute", narrowing.tokensPerMinute());
        put(claims, "concurrentGenerations", narrowing.concurrentGenerations());
        put(claims, "maxTokens", narrowing.maxTokens());
        narrowing.models().ifPresent(names -> claims.put("models", new JsonArray(List.copyOf(names))));
    }

    private static void put(JsonObject claims, String claim, OptionalInt value) {
        if (value.isPresent()) {
            claims.put(claim, value.getAsInt());
        }
    }
}
