package dev.runnel.auth;

import java.time.Instant;

/**
 * A new key.
 *
 * @param token the key itself; it is kept nowhere, so whoever asked must show it now
 * @param id its {@code jti}, by which it can be revoked
 */
public record IssuedKey(String token, String id, Instant expiresAt) {

    /** Without the token, so that a log line cannot tell it. */
    @Override
    public String toString() {
        return "IssuedKey[id=" + id + ", expiresAt=" + expiresAt + "]";
    }
}
