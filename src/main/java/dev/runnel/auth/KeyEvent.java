package dev.runnel.auth;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of the key log: what happened to a key. All members are optional, because other versions write other lines.
 *
 * @param event {@code issued} or {@code revoked}
 * @param at when it happened, in seconds since 1970
 * @param expires when the key expires, in seconds since 1970
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyEvent(
        @Nullable String event,
        @Nullable String id,
        @Nullable String subject,
        @Nullable String plan,
        @Nullable String scope,
        @Nullable Number at,
        @Nullable Number expires) {

    /** Room for an issuer and a {@code jti} together. */
    static final int MAX_ID_CHARS = 1024;

    static KeyEvent issued(KeyRecord key) {
        return new KeyEvent(
                "issued",
                key.id(),
                key.subject().orElseThrow(),
                key.plan().orElseThrow(),
                Scope.format(key.scopes()),
                key.issuedAt().orElseThrow().getEpochSecond(),
                key.expiresAt().orElseThrow().getEpochSecond());
    }

    static KeyEvent revoked(String id, Instant at, Optional<Instant> expiresAt) {
        Number expires = expiresAt.map(Instant::getEpochSecond).orElse(null);
        return new KeyEvent("revoked", id, null, null, null, at.getEpochSecond(), expires);
    }

    /** What this line alone says of its key. Empty for an event that a later version writes. */
    Optional<KeyRecord> toRecord() {
        if (event == null || id == null) {
            return Optional.empty();
        }
        Optional<Instant> time = instant(at);
        return switch (event) {
            case "issued" ->
                Optional.of(new KeyRecord(
                        id,
                        Optional.ofNullable(subject),
                        Optional.ofNullable(plan),
                        Optional.ofNullable(scope).map(Scope::parse).orElse(Set.of()),
                        time,
                        instant(expires),
                        Optional.empty()));
            case "revoked" -> Optional.of(KeyRecord.revoked(id, time.orElse(Instant.EPOCH), instant(expires)));
            default -> Optional.empty();
        };
    }

    private static Optional<Instant> instant(@Nullable Number seconds) {
        return Optional.ofNullable(seconds)
                .map(Number::longValue)
                .filter(value -> value >= 0 && value <= ClaimRules.LAST_SECOND)
                .map(Instant::ofEpochSecond);
    }
}
