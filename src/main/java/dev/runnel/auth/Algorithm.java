package dev.runnel.auth;

import java.util.Arrays;
import java.util.Optional;

/** The signatures that are understood, each of them only with keys of its own. */
enum Algorithm {
    /** With the local secret only, never with a key from a file or a set. */
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

    /** As it stands in a header: exactly so, case included (RFC 7515 §4.1.1). */
    String joseName() {
        return joseName;
    }

    /** What the platform calls its public keys. */
    String keyType() {
        return keyType;
    }
}
