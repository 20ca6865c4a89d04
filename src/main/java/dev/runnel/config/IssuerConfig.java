package dev.runnel.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code auth.trusted}: somebody else whose keys are taken.
 *
 * @param issuer the {@code iss} of its keys; not the one of local keys, and no two entries have the same
 * @param audience the {@code aud} of its keys
 * @param jwks where its public keys are, a file or an {@code https} URL (RFC 7517); this or {@code keys}, or both
 * @param refresh how often {@code jwks} is read again, 1 s or more
 * @param keys public keys in PEM files
 */
public record IssuerConfig(
        String issuer, String audience, Optional<String> jwks, Duration refresh, List<PublicKeyConfig> keys) {

    public IssuerConfig {
        keys = List.copyOf(keys);
    }
}
