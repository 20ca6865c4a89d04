package dev.runnel.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A signed token in its compact form (RFC 7515 §7.1), parsed and not verified yet. Header parameters that contain or
 * reference a key ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) are never read.
 *
 * @param keyId the {@code kid} of the header
 * @param issuer the {@code iss} of the payload
 */
record Token(String text, Algorithm algorithm, Optional<String> keyId, String issuer, JsonObject payload) {

    /** Longer tokens are refused before they are parsed. */
    static final int MAX_CHARS = 8192;

    static final String MISSING = "Authorization: missing (expected: Bearer <API key>)";
    static final String NOT_VALID =
            "The API key is not valid (expected: one that was issued for this service, whole and unchanged)";

    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([^ ]+) *");
    private static final Pattern COMPACT =
            Pattern.compile("([A-Za-z0-9_-]{2,})\\.([A-Za-z0-9_-]{2,})\\.([A-Za-z0-9_-]{2,})");

    /**
     * The token in a header's value.
     *
     * @throws AuthException when the value is missing or cannot contain a token
     */
    static String bearer(@Nullable CharSequence authorization) {
        if (authorization == null || authorization.chars().allMatch(Character::isWhitespace)) {
            throw new AuthException(MISSING);
        }
        if (authorization.length() > MAX_CHARS) {
            throw new AuthException(NOT_VALID);
        }
        Matcher matcher = BEARER.matcher(authorization);
        if (!matcher.matches()) {
            throw new AuthException("Authorization: not a bearer key (expected: Bearer <API key>)");
        }
        return matcher.group(1);
    }

    /** The cache key of a token, so that the cache does not contain tokens. */
    static String fingerprint(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Parses a token.
     *
     * @throws AuthException when it is not a signed token with a supported algorithm
     */
    static Token parse(String text) {
        Matcher matcher = segments(text);
        try {
            checkSpelling(matcher.group(3));
            JsonObject header = json(matcher.group(1));
            JsonObject payload = json(matcher.group(2));
            if (header.containsKey("crit")) {
                // RFC 7515 §4.1.11: crit names extensions that the verifier must support, and it supports no extension.
                throw new AuthException(NOT_VALID);
            }
            Algorithm algorithm =
                    text(header, "alg").flatMap(Algorithm::of).orElseThrow(() -> new AuthException(NOT_VALID));
            return new Token(
                    text, algorithm, text(header, "kid"), text(payload, "iss").orElse(""), payload);
        } catch (IllegalArgumentException | DecodeException e) {
            throw new AuthException(NOT_VALID);
        }
    }

    /**
     * The three segments of a token, as the groups of the result.
     *
     * @throws AuthException when it has another form
     */
    static Matcher segments(CharSequence text) {
        Matcher matcher = COMPACT.matcher(text);
        if (!matcher.matches()) {
            throw new AuthException(NOT_VALID);
        }
        return matcher;
    }

    /** The decoder ignores the unused bits of the last character. They must be 0, so that a token has one spelling. */
    private static void checkSpelling(String signature) {
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        byte[] spelling = Base64.getUrlEncoder().withoutPadding().encode(bytes);
        if (!MessageDigest.isEqual(spelling, signature.getBytes(StandardCharsets.US_ASCII))) {
            throw new AuthException(NOT_VALID);
        }
    }

    /** JsonObject.getString converts any value to a text. Here a value that is present must be a text. */
    private static Optional<String> text(JsonObject object, String member) {
        if (!object.containsKey(member)) {
            return Optional.empty();
        }
        if (object.getValue(member) instanceof String text) {
            return Optional.of(text);
        }
        throw new AuthException(NOT_VALID);
    }

    private static JsonObject json(String segment) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8));
    }

    /** Omits the text and the claims, so that no log line contains them. */
    @Override
    public String toString() {
        return "Token[" + algorithm + "]";
    }
}
