package dev.runnel.auth;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key and the one algorithm that it is used with. Each verifier that it makes holds this key only. So no header of
 * a token can select another algorithm or key.
 */
final class VerificationKey {

    private static final String FINGERPRINT = "the secret of a node";

    private final Optional<String> id;
    private final Algorithm algorithm;
    private final Buffer material;

    private VerificationKey(Optional<String> id, Algorithm algorithm, Buffer material) {
        this.id = id;
        this.algorithm = algorithm;
        this.material = material;
    }

    static VerificationKey ofSecret(SigningSecret secret) {
        return new VerificationKey(
                Optional.empty(), Algorithm.HS256, Buffer.buffer(secret.value().bytes()));
    }

    /** @param key one that was {@link PublicKeys#checked} for the algorithm */
    static VerificationKey ofPublic(Optional<String> id, Algorithm algorithm, PublicKey key) {
        return new VerificationKey(id, algorithm, Buffer.buffer(PublicKeys.toPem(key)));
    }

    /** The {@code kid} with which tokens name this key. */
    Optional<String> id() {
        return id;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** Names the secret, and does not reveal it: two nodes with the same secret have the same one. */
    String fingerprint() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(material.getBytes(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(FINGERPRINT.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** A new verifier, for one event loop. A verifier holds a lock while it computes. */
    JWTAuth verifier(Vertx vertx) {
        // ClaimRules checks the times, with its own clock.
        JWTOptions times = new JWTOptions().setAlgorithm(algorithm.joseName()).setIgnoreExpiration(true);
        PubSecKeyOptions key =
                new PubSecKeyOptions().setAlgorithm(algorithm.joseName()).setBuffer(material);
        return JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key).setJWTOptions(times));
    }
}
