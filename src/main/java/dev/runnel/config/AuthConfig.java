package dev.runnel.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whose keys are taken.
 *
 * @param secret the HMAC secret from the environment or the file; without it one is made under the data directory
 * @param issuer the {@code iss} of local keys, those that are made with the secret
 * @param audience the {@code aud} of local keys
 * @param leeway how far clocks may differ, 0 … 5 min
 * @param maxLifetime how long after its {@code iat} a key may be good for, at most; holds for all issuers
 * @param trusted other issuers
 */
public record AuthConfig(
        Optional<Secret> secret,
        String issuer,
        String audience,
        Duration leeway,
        Duration maxLifetime,
        List<IssuerConfig> trusted) {

    public AuthConfig {
        trusted = List.copyOf(trusted);
    }
}
