package dev.runnel.auth;

import java.util.Arrays;
import java.util.Optional;

/** The supported signature algorithms. A key is used with one of them only. */
enum Algorithm {
    /** Used with the local secret only, never with a key from a file or a set. */
    HS256("HS256", "none"),
    RS256("RS256", "RSA"),
    PS256("PS256", "RSA"),
    ES256("ES256", "EC"),
    EDDSA("EdDSA", "Ed25519");

    private final String joseName;
    private final String keyType;

    Algorithm(String joseName, String keyType) {
        this.joseName = joseName;
        this.keyType = keyType;
    }

    static Optional<Algorithm> of(String joseName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.joseName.equals(joseName))
                .findFirst();
    }

    /** The name in a header, which is case-sensitive (RFC 7515 §4.1.1). */
    String joseName() {
        return joseName;
    }

    /** The name of its public keys in the Java platform. */
    String keyType() {
        return keyType;
    }
}
