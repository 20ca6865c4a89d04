package dev.runnel.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whose keys are taken.
 *
 * @param secret the HMAC secret from the environment or a file; without it one is made under the data directory
 * @param issuer the {@code iss} that a key must have
 * @param audience the {@code aud} that a key must have
 * @param leeway how far clocks may differ
 */
public record AuthConfig(Optional<Secret> secret, String issuer, String audience, Duration leeway) {

    private static final int MIN_SECRET_BYTES = 32;

    static AuthConfig read(Section section) {
        Optional<Secret> secret = section.optional("secret", Rule.secret(MIN_SECRET_BYTES));
        Optional<Path> file = section.optional("secretFile", Rule.path());
        if (secret.isPresent() && file.isPresent()) {
            section.complain("secretFile", file.get(), "nothing beside secret");
        }
        return new AuthConfig(
                secret.or(() ->
                        file.filter(path -> section.isSound("secretFile")).flatMap(path -> fromFile(section, path))),
                section.required("issuer", Rule.word()),
                section.required("audience", Rule.word()),
                section.required("leeway", Rule.duration(Duration.ZERO, Duration.ofMinutes(10))));
    }

    private static Optional<Secret> fromFile(Section section, Path file) {
        Optional<Secret> secret = SecretFile.read(file).filter(found -> found.length() >= MIN_SECRET_BYTES);
        if (secret.isEmpty()) {
            section.complain("secretFile", file, "a readable file of " + MIN_SECRET_BYTES + " bytes or more");
        }
        return secret;
    }
}
