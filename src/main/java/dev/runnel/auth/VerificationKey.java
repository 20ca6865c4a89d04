package dev.runnel.auth;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.Optional;

/**
 * One key and the one algorithm that it is used with. It makes verifiers that hold this key alone: no header can then talk a
 * verifier into another algorithm or key.
 */
final class VerificationKey {

    private final Optional<String> id;
    private final Algorithm algorithm;
    private final JWTAuthOptions options;

    private VerificationKey(Optional<String> id, Algorithm algorithm, JWTAuthOptions options) {
        this.id = id;
        this.algorithm = algorithm;
        // Times are checked by ClaimRules, with its clock.
        this.options = options.setJWTOptions(
                new JWTOptions().setAlgorithm(algorithm.joseName()).setIgnoreExpiration(true));
    }

    static VerificationKey ofSecret(SigningSecret secret) {
        PubSecKeyOptions key = new PubSecKeyOptions()
                .setAlgorithm(Algorithm.HS256.joseName())
                .setBuffer(Buffer.buffer(secret.value().bytes()));
        return new VerificationKey(Optional.empty(), Algorithm.HS256, new JWTAuthOptions().addPubSecKey(key));
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
        return JWTAuth.create(vertx, new JWTAuthOptions(options));
    }
}
