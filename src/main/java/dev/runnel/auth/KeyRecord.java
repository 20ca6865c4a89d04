package dev.runnel.auth;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a key. All but the id is empty for one that was revoked without having been issued here.
 *
 * @param id its {@link Caller#keyId}
 */
public record KeyRecord(
        String id,
        Optional<String> subject,
        Optional<String> plan,
        Set<Scope> scopes,
        Optional<Instant> issuedAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {

    public KeyRecord {
        scopes = Set.copyOf(scopes);
    }

    /** This and what was said later. The first revocation counts. */
    KeyRecord with(KeyRecord later) {
        return new KeyRecord(
                id,
                subject.or(later::subject),
                plan.or(later::plan),
                scopes.isEmpty() ? later.scopes : scopes,
                issuedAt.or(later::issuedAt),
                expiresAt.or(later::expiresAt),
                revokedAt.or(later::revokedAt));
    }
}
