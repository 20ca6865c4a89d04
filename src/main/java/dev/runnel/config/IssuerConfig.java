package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One entry of {@code auth.trusted}: another issuer whose keys are accepted. Its public keys are in one of three
 * places.
 *
 * @param issuer the {@code iss} of its keys. It differs from that of local keys and of every other entry, and does not
 *     start with another entry's and a slash.
 * @param audience the {@code aud} of its keys
 * @param jwksUrl an {@code https} URL of a key set (RFC 7517 §5)
 * @param jwksFile a file with a key set
 * @param keys public keys in PEM files
 * @param refresh how often a key set is read again, 1 s … 24 h
 */
public record IssuerConfig(
        String issuer,
        String audience,
        Optional<URI> jwksUrl,
        Optional<Path> jwksFile,
        List<PublicKeyConfig> keys,
        Duration refresh) {

    private static final Duration DEFAULT_REFRESH = Duration.ofMinutes(10);

    public IssuerConfig {
        keys = List.copyOf(keys);
    }

    static IssuerConfig read(Section section) {
        IssuerConfig issuer = new IssuerConfig(
                section.required("issuer", Rule.word()),
                section.required("audience", Rule.word()),
                section.optional("jwksUrl", Rule.httpsUrl()),
                section.optional("jwksFile", Rule.path()),
                section.sections("keys").stream().map(PublicKeyConfig::read).toList(),
                section.value("refresh", Rule.duration(Duration.ofSeconds(1), Duration.ofHours(24)), DEFAULT_REFRESH));
        long places =
                Stream.of("jwksUrl", "jwksFile", "keys").filter(section::has).count();
        if (places != 1) {
            section.complain("keys", places + " places of keys", "one of jwksUrl, jwksFile, keys");
        }
        return issuer;
    }
}
