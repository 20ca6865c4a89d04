package dev.runnel.auth;

import dev.runnel.config.Allowance;
import java.time.Instant;
import java.util.Set;

/**
 * Who holds the key of a request.
 *
 * @param subject whom the key was issued to
 * @param keyId names the key, and no other key of any issuer: the {@code jti} of a local one, {@code iss/jti} of others
 * @param plan the name of its plan; whether there is such a plan is not known here
 * @param expiresAt from when on the key is not taken any more, leeway not counted
 * @param narrowing what the key's own claims leave of the plan
 */
public record Caller(
        String subject, String keyId, String plan, Set<Scope> scopes, Instant expiresAt, Allowance narrowing) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }
}
