package dev.runnel.auth;

import java.util.List;
import java.util.Optional;

/** The keys of one issuer at one time. Immutable: a later set is another object. */
final class KeySet {

    private final List<VerificationKey> keys;

    KeySet(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * The one key that can verify a token, so that a token never costs more than one verification. A token with a
     * {@code kid} gets the key of that name, else the only key of its algorithm if that key has no name. A token
     * without a {@code kid} gets the only key of its algorithm.
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
        VerificationKey only = candidates.get(0);
        return token.keyId().isEmpty() || only.id().isEmpty() ? Optional.of(only) : Optional.empty();
    }
}
