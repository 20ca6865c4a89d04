package dev.runnel.auth;

import java.time.Instant;

/**
 * A new key.
 *
 * @param token the key itself; it is not stored, so the caller must show it now
 * @param id its {@code jti}, which revokes it
 */
public record IssuedKey(String token, String id, Instant expiresAt) {

    /** Omits the token, so that no log line contains it. */
    @Override
    public String toString() {
        return "IssuedKey[id=" + id + ", expiresAt=" + expiresAt + "]";
    }
}
