package dev.runnel.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWK set (RFC 7517 §5). Vert.x reads single keys, but it ignores bad ones and then, with no key left, accepts
 * unsigned tokens. Here each key is made and checked before a verifier uses it.
 */
final class JwkReader {

    private static final int MAX_KEYS = 100;

    /** Ignores unknown members (RFC 7517 §4). A null counts as absent. A number for a text makes a key unusable. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private record Jwks(@Nullable List<JsonNode> keys) {}

    private JwkReader() {}

    /**
     * The keys of a set that can be used. Keys of other kinds or uses, and broken ones, are ignored.
     *
     * @throws AuthSetupException when the text is not a key set or has no usable key; the message does not name the
     *     issuer
     */
    static KeySet read(String json) {
        List<VerificationKey> keys =
                nodes(json).stream().flatMap(node -> key(node).stream()).toList();
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new AuthSetupException("the key set has " + keys.size() + " usable keys (expected: 1 … " + MAX_KEYS
                    + " public ones for RS256, PS256, ES256 or EdDSA)");
        }
        return new KeySet(keys);
    }

    private static List<JsonNode> nodes(String json) {
        try {
            Jwks set = JSON.readValue(json, Jwks.class);
            if (set != null && set.keys() != null) {
                return set.keys();
            }
        } catch (JsonProcessingException e) {
            // The message below says what is wrong, without a part of the text.
        }
        throw new AuthSetupException(
                "not a key set (expected: a JSON object with an array keys and no member twice, RFC 7517)");
    }

    private static Optional<VerificationKey> key(JsonNode node) {
        try {
            return node.isObject() ? JSON.treeToValue(node, Jwk.class).toKey() : Optional.empty();
        } catch (JsonProcessingException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
