package dev.runnel.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Whose keys are taken.
 *
 * @param secret the HMAC secret from the environment or the file; without it one is made under the data directory
 * @param issuer the {@code iss} that a key must have
 * @param audience the {@code aud} that a key must have
 * @param leeway how far clocks may differ
 */
public record AuthConfig(Optional<Secret> secret, String issuer, String audience, Duration leeway) {}
