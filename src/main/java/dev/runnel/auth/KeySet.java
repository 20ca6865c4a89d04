package dev.runnel.auth;

import java.util.List;
import java.util.Optional;

/** The keys of one issuer at one time. Immutable; a later set is another object. */
final class KeySet {

    private final List<VerificationKey> keys;

    KeySet(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * The one key that a token may have been signed with. One that names its key gets that key, or a lone key without a
     * name; one that names none gets the lone key of its algorithm. So a token never costs more than one verification.
     */
    Optional<VerificationKey> find(Token token) {
        List<VerificationKey> candidates = keys.stream()
                .filter(key -> key.algorithm() == token.algorithm())
                .toList();
        Optional<VerificationKey> named = candidates.stream()
                .filter(key -> token.keyId().isPresent() && key.id().equals(token.keyId()))
                .findFirst();
        if (named.isPresent() || candidates.size() != 1) {
            return named;
        }
        VerificationKey lone = candidates.get(0);
        return token.keyId().isEmpty() || lone.id().isEmpty() ? Optional.of(lone) : Optional.empty();
    }
}
