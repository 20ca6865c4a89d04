package dev.runnel.auth;

import java.util.Arrays;
import java.util.Optional;

/** The signatures that are understood, each of them only with keys of its own. */
enum Algorithm {
    /** With the local secret only, never with a key from a file or a set. */
    HS256,
    RS256,
    PS256,
    ES256,
    EDDSA;

    /** As it stands in a header: exactly so, case included (RFC 7515 §4.1.1). */
    String joseName() {
        return this == EDDSA ? "EdDSA" : name();
    }

    static Optional<Algorithm> of(String joseName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.joseName().equals(joseName))
                .findFirst();
    }
}
