package dev.runnel.auth;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the registry: what happened to a key.
 *
 * @param record what the line says of the key, and no more
 */
record KeyEvent(KeyRecord record) {

    /** An issuer and a {@code jti} together, with room. */
    static final int MAX_ID_CHARS = 1024;

    String id() {
        return record.id();
    }

    static JsonObject issued(KeyRecord key) {
        return new JsonObject()
                .put("event", "issued")
                .put("id", key.id())
                .put("subject", key.subject().orElseThrow())
                .put("plan", key.plan().orElseThrow())
                .put("scope", Scope.format(key.scopes()))
                .put("at", seconds(key.issuedAt().orElseThrow()))
                .put("expires", seconds(key.expiresAt().orElseThrow()));
    }

    static JsonObject revoked(String id, Instant at, Optional<Instant> expiresAt) {
        JsonObject entry =
                new JsonObject().put("event", "revoked").put("id", id).put("at", seconds(at));
        expiresAt.ifPresent(end -> entry.put("expires", seconds(end)));
        return entry;
    }

    /** Empty for a line of a kind that a later version writes. */
    static Optional<KeyEvent> parse(JsonObject entry) {
        if (!(entry.getValue("event") instanceof String event) || !(entry.getValue("id") instanceof String id)) {
            return Optional.empty();
        }
        Optional<Instant> at = time(entry, "at");
        Optional<Instant> expires = time(entry, "expires");
        return switch (event) {
            case "issued" ->
                Optional.of(new KeyEvent(new KeyRecord(
                        id,
                        text(entry, "subject"),
                        text(entry, "plan"),
                        scopes(entry),
                        at,
                        expires,
                        Optional.empty())));
            case "revoked" ->
                Optional.of(new KeyEvent(new KeyRecord(
                        id,
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(),
                        Optional.empty(),
                        expires,
                        at.or(() -> Optional.of(Instant.EPOCH)))));
            default -> Optional.empty();
        };
    }

    private static long seconds(Instant instant) {
        return instant.getEpochSecond();
    }

    private static Optional<Instant> time(JsonObject entry, String key) {
        return entry.getValue(key) instanceof Number number && isTime(number.longValue())
                ? Optional.of(Instant.ofEpochSecond(number.longValue()))
                : Optional.empty();
    }

    private static boolean isTime(long seconds) {
        return seconds >= 0 && seconds <= ClaimRules.LAST_SECOND;
    }

    private static Optional<String> text(JsonObject entry, String key) {
        return entry.getValue(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Set<Scope> scopes(JsonObject entry) {
        return text(entry, "scope").map(Scope::parse).orElse(Set.of());
    }
}
