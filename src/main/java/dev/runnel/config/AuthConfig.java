package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys are accepted.
 *
 * @param secret the HMAC secret from the environment or a file; if empty, one is made in the data directory
 * @param issuer the {@code iss} of local keys, which are signed with the secret
 * @param audience the {@code aud} of local keys
 * @param leeway how far clocks may differ, 0 … 10 min
 * @param maxLifetime the longest time from a key's {@code iat} to its {@code exp}, 1 min … 10 years; for all issuers
 * @param trusted other issuers
 */
public record AuthConfig(
        Optional<Secret> secret,
        String issuer,
        String audience,
        Duration leeway,
        Duration maxLifetime,
        List<IssuerConfig> trusted) {

    /** RFC 7518 §3.2: at least the length of the hash of HS256. */
    public static final int MIN_SECRET_BYTES = 32;

    public AuthConfig {
        trusted = List.copyOf(trusted);
    }

    static AuthConfig read(Section section) {
        Optional<Secret> secret = section.optional("secret", Secret.rule(MIN_SECRET_BYTES));
        Optional<Path> file = section.optional("secretFile", Rule.path());
        if (secret.isPresent() && file.isPresent()) {
            section.complain("secretFile", file.get(), "absent if secret is set");
        }
        String issuer = section.required("issuer", Rule.word());
        return new AuthConfig(
                secret.or(() ->
                        file.filter(path -> section.isSound("secretFile")).flatMap(path -> fromFile(section, path))),
                issuer,
                section.required("audience", Rule.word()),
                section.required("leeway", Rule.duration(Duration.ZERO, Duration.ofMinutes(10))),
                section.required("maxLifetime", Rule.duration(Duration.ofMinutes(1), Duration.ofDays(3650))),
                trusted(section, issuer));
    }

    /** The lifetime of a key for which {@code wanted} is requested: at most {@link #maxLifetime}. */
    public Duration lifetime(Duration wanted) {
        return wanted.compareTo(maxLifetime) < 0 ? wanted : maxLifetime;
    }

    private static Optional<Secret> fromFile(Section section, Path file) {
        Optional<Secret> secret = SecretFile.read(file).filter(found -> found.length() >= MIN_SECRET_BYTES);
        if (secret.isEmpty()) {
            section.complain("secretFile", file, "a readable file of " + MIN_SECRET_BYTES + " bytes or more");
        }
        return secret;
    }

    private static List<IssuerConfig> trusted(Section section, String localIssuer) {
        List<IssuerConfig> issuers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section entry : section.sections("trusted")) {
            IssuerConfig issuer = IssuerConfig.read(entry);
            if (entry.isSound("issuer")) {
                compare(entry, issuer.issuer(), localIssuer, names);
                names.add(issuer.issuer());
            }
            issuers.add(issuer);
        }
        return issuers;
    }

    private static void compare(Section entry, String name, String localIssuer, Set<String> others) {
        if (name.equals(localIssuer) || others.contains(name)) {
            entry.complain("issuer", name, "one that neither auth.issuer nor another entry has");
        } else if (others.stream().anyMatch(other -> canNameKeysOf(other, name) || canNameKeysOf(name, other))) {
            entry.complain(
                    "issuer", name, "one that does not start with another entry's and /, nor the other way round");
        }
    }

    /**
     * Whether one issuer can choose a {@code jti} that makes the name of another issuer's key. A key's name is its
     * issuer, a slash and its {@code jti}.
     */
    private static boolean canNameKeysOf(String one, String other) {
        return other.startsWith(one + "/");
    }
}
