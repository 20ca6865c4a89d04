package dev.runnel.auth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of the key log: what happened to a key. Most members are optional, because other versions write other lines.
 *
 * @param event {@code issued}, {@code revoked}, or an event of a later version
 * @param at when it happened, in seconds since 1970
 * @param expires when the key expires, in seconds since 1970
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyEvent(
        String event,
        String id,
        @Nullable String subject,
        @Nullable String plan,
        @Nullable String scope,
        @Nullable Long at,
        @Nullable Long expires) {

    /** Room for an issuer and a {@code jti} together. */
    static final int MAX_ID_CHARS = 1024;

    /**
     * The event of a line; empty unless it is an object with the texts {@code event} and {@code id}. Any other member
     * of the wrong type counts as absent, so that a revocation holds whatever its other members are.
     */
    static Optional<KeyEvent> of(JsonNode line) {
        String event = line.path("event").textValue();
        String id = line.path("id").textValue();
        return event == null || id == null
                ? Optional.empty()
                : Optional.of(new KeyEvent(
                        event,
                        id,
                        line.path("subject").textValue(),
                        line.path("plan").textValue(),
                        line.path("scope").textValue(),
                        number(line.path("at")),
                        number(line.path("expires"))));
    }

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
        Long expires = expiresAt.map(Instant::getEpochSecond).orElse(null);
        return new KeyEvent("revoked", id, null, null, null, at.getEpochSecond(), expires);
    }

    /** What this line alone says of its key. Empty for an event that a later version writes. */
    Optional<KeyRecord> toRecord() {
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

    private static @Nullable Long number(JsonNode member) {
        return member.canConvertToLong() ? member.longValue() : null;
    }

    private static Optional<Instant> instant(@Nullable Long seconds) {
        return Optional.ofNullable(seconds)
                .filter(value -> value >= 0 && value <= ClaimRules.LAST_SECOND)
                .map(Instant::ofEpochSecond);
    }
}
