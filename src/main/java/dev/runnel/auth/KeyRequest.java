package dev.runnel.auth;

import dev.runnel.config.Allowance;
import java.time.Duration;
import java.util.Set;

/**
 * A request to issue a key.
 *
 * @param subject the person or program that gets the key, 1 … 256 printable characters
 * @param plan the name of its plan, 1 … 64 printable characters
 * @param lifetime whole seconds, 1 s … {@code auth.maxLifetime}
 * @param narrowing limits of this key that are tighter than its plan
 */
public record KeyRequest(String subject, String plan, Set<Scope> scopes, Duration lifetime, Allowance narrowing) {

    public KeyRequest {
        scopes = Set.copyOf(scopes);
    }

    public KeyRequest(String subject, String plan, Set<Scope> scopes, Duration lifetime) {
        this(subject, plan, scopes, lifetime, Allowance.UNLIMITED);
    }
}
