package dev.runnel.auth;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.PublicKey;
import java.util.Optional;

/**
 * One key and the one algorithm that it is used with. It makes verifiers that hold this key alone: no header can then talk a
 * verifier into another algorithm or key.
 */
final class VerificationKey {

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

    /** The {@code kid} that tokens name it by. */
    Optional<String> id() {
        return id;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** A verifier of its own for one event loop: each of them locks while it computes. */
    JWTAuth verifier(Vertx vertx) {
        // Times are checked by ClaimRules, with its clock.
        JWTOptions times = new JWTOptions().setAlgorithm(algorithm.joseName()).setIgnoreExpiration(true);
        PubSecKeyOptions key =
                new PubSecKeyOptions().setAlgorithm(algorithm.joseName()).setBuffer(material);
        return JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key).setJWTOptions(times));
    }
}
