package dev.runnel.auth;

import dev.runnel.config.Allowance;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the claims of one issuer's keys.
 *
 * @param idPrefix put before each {@code jti}, so that no issuer can use the ids of another; empty for local keys
 */
record ClaimRules(String issuer, String audience, String idPrefix, Duration leeway, Duration maxLifetime) {

    static final int MAX_SUBJECT_CHARS = 256;
    static final int MAX_ID_CHARS = 128;
    static final int MAX_PLAN_CHARS = 64;

    /** The end of the year 9999, the last that an {@link Instant} prints with four digits. */
    static final long LAST_SECOND = 253_402_300_799L;

    private static final int MAX_MODELS = 64;
    private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]+");

    /**
     * The caller that a verified payload names.
     *
     * @throws AuthException when a claim is missing, has the wrong type or value, or the key is not valid at this time
     */
    Caller read(JsonObject payload, Instant now) {
        if (!issuer.equals(payload.getValue("iss")) || !isForThisService(payload.getValue("aud"))) {
            throw new AuthException(
                    "The API key was issued for another service (claims iss and aud): use a key of this service");
        }
        Instant expiresAt = checkedTimes(payload, now);
        String scope = text(payload, "scope", Token.MAX_CHARS);
        return new Caller(
                text(payload, "sub", MAX_SUBJECT_CHARS),
                idPrefix + text(payload, "jti", MAX_ID_CHARS),
                text(payload, "plan", MAX_PLAN_CHARS),
                Scope.parse(scope),
                expiresAt,
                narrowing(payload));
    }

    /** Whether the keys were issued here. */
    boolean isLocal() {
        return idPrefix.isEmpty();
    }

    boolean isExpired(Caller caller, Instant now) {
        return !now.isBefore(caller.expiresAt().plus(leeway));
    }

    static boolean isPrintable(String text, int maxChars) {
        return text.length() <= maxChars && PRINTABLE.matcher(text).matches();
    }

    /** RFC 7519 §4.1.3: one name, or an array that must contain ours. */
    private boolean isForThisService(@Nullable Object aud) {
        return audience.equals(aud) || (aud instanceof JsonArray names && names.contains(audience));
    }

    private Instant checkedTimes(JsonObject payload, Instant now) {
        Instant expiresAt = time(payload, "exp");
        Instant issuedAt = time(payload, "iat");
        if (!now.isBefore(expiresAt.plus(leeway))) {
            throw new AuthException("The API key has expired: ask for a new one");
        }
        Instant from = payload.containsKey("nbf") ? time(payload, "nbf") : issuedAt;
        if (now.plus(leeway).isBefore(from) || now.plus(leeway).isBefore(issuedAt)) {
            throw new AuthException("The API key is not valid yet (claims nbf and iat): try again later");
        }
        if (Duration.between(issuedAt, expiresAt).compareTo(maxLifetime) > 0) {
            throw new AuthException(
                    "The API key is valid for longer than this service allows (claims iat and exp): ask for a new one");
        }
        return expiresAt;
    }

    /** RFC 7519 §2 NumericDate: seconds. A fraction is dropped. */
    private static Instant time(JsonObject payload, String claim) {
        if (payload.getValue(claim) instanceof Number number) {
            double seconds = number.doubleValue();
            if (seconds >= 0 && seconds <= LAST_SECOND) {
                return Instant.ofEpochSecond(number.longValue());
            }
        }
        throw wrong(claim, "seconds since 1970");
    }

    private static String text(JsonObject payload, String claim, int maxChars) {
        if (payload.getValue(claim) instanceof String text && isPrintable(text, maxChars)) {
            return text;
        }
        throw wrong(claim, "1 … " + maxChars + " printable characters");
    }

    private static Allowance narrowing(JsonObject payload) {
        try {
            return new Allowance(
                    number(payload, "requestsPerMinute"),
                    number(payload, "tokensPerMinute"),
                    number(payload, "concurrentGenerations"),
                    number(payload, "maxTokens"),
                    models(payload));
        } catch (IllegalArgumentException e) {
            throw new AuthException("The API key has a claim out of its range: " + e.getMessage());
        }
    }

    private static OptionalInt number(JsonObject payload, String claim) {
        if (!payload.containsKey(claim)) {
            return OptionalInt.empty();
        }
        if (payload.getValue(claim) instanceof Integer number) {
            return OptionalInt.of(number);
        }
        throw wrong(claim, "a whole number");
    }

    private static Optional<Set<String>> models(JsonObject payload) {
        if (!payload.containsKey("models")) {
            return Optional.empty();
        }
        if (!(payload.getValue("models") instanceof JsonArray array) || array.size() > MAX_MODELS) {
            throw wrong("models", "an array of names");
        }
        Set<String> names = new LinkedHashSet<>();
        for (Object name : array) {
            if (!(name instanceof String text)) {
                throw wrong("models", "an array of names");
            }
            names.add(text);
        }
        return Optional.of(names);
    }

    private static AuthException wrong(String claim, String rule) {
        return new AuthException("The API key has no usable claim " + claim + " (expected: " + rule + ")");
    }
}
