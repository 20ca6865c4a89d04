package dev.runnel.auth;

import dev.runnel.config.Allowance;
import java.time.Instant;
import java.util.Set;

/**
 * The holder of a request's key.
 *
 * @param issuer the {@code iss} of the key; has no control characters
 * @param subject the person or program that the key was issued to
 * @param keyId unique over all issuers: the {@code jti} of a local key, {@code iss/jti} of others
 * @param plan the name of its plan, which may not exist
 * @param expiresAt the key is refused from this time on, plus the leeway
 * @param narrowing limits of the key's own claims that are tighter than its plan
 */
public record Caller(
        String issuer,
        String subject,
        String keyId,
        String plan,
        Set<Scope> scopes,
        Instant expiresAt,
        Allowance narrowing) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** Names the owner of a generation: all keys of one subject of one issuer have the same. */
    public String owner() {
        // Neither has control characters. Both may have spaces.
        return issuer + '\t' + subject;
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }
}
