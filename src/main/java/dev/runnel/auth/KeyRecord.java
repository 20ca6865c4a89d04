package dev.runnel.auth;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What the registry knows of a key. Only the id and the revocation are present for a key that was revoked here and
 * issued elsewhere.
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

    static KeyRecord revoked(String id, Instant at, Optional<Instant> expiresAt) {
        return new KeyRecord(
                id, Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), expiresAt, Optional.of(at));
    }

    /** Adds what a later event says. The first value of each field counts, so the first revocation does. */
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
