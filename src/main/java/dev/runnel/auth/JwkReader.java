package dev.runnel.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads a JWK set (RFC 7517 §5). Vert.x could read single keys, but passes over bad ones and then, left with none, takes
 * unsigned tokens; here each key is made and checked before it comes near a verifier.
 */
final class JwkReader {

    private static final int MAX_KEYS = 100;
    private static final int ED25519_BYTES = 32;

    /** What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 §4). */
    private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private JwkReader() {}

    /**
     * The keys of a set that can be used. Those of other kinds or uses, and broken ones, are passed over.
     *
     * @throws AuthSetupException where it is no set, or has none that can be used; the message does not say of which issuer
     */
    static KeySet read(String json) {
        JsonArray array = keysOf(json);
        List<VerificationKey> keys = new ArrayList<>();
        for (Object entry : array) {
            if (entry instanceof JsonObject jwk) {
                key(jwk).ifPresent(keys::add);
            }
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new AuthSetupException("the key set has " + keys.size() + " usable keys (expected: 1 … " + MAX_KEYS
                    + " public ones for RS256, PS256, ES256 or EdDSA)");
        }
        return new KeySet(keys);
    }

    private static JsonArray keysOf(String json) {
        try {
            if (new JsonObject(json).getValue("keys") instanceof JsonArray array) {
                return array;
            }
        } catch (DecodeException e) {
            // Told below, without a piece of what was read.
        }
        throw new AuthSetupException("no key set (expected: a JSON object with an array keys, RFC 7517)");
    }

    private static Optional<VerificationKey> key(JsonObject jwk) {
        try {
            boolean isNamed = !jwk.containsKey("kid") || jwk.getValue("kid") instanceof String;
            if (!isForSignatures(jwk) || !isNamed || jwk.containsKey("d")) {
                // With d it is a private key: one that anybody can read must not be trusted.
                return Optional.empty();
            }
            Optional<Algorithm> algorithm = algorithm(jwk);
            if (algorithm.isEmpty()) {
                return Optional.empty();
            }
            PublicKey key = PublicKeys.checked(algorithm.get(), publicKey(algorithm.get(), jwk));
            return Optional.of(
                    VerificationKey.ofPublic(Optional.ofNullable(jwk.getString("kid")), algorithm.get(), key));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isForSignatures(JsonObject jwk) {
        return jwk.getString("use", "sig").equals("sig")
                && jwk.getJsonArray("key_ops", JsonArray.of("verify")).contains("verify");
    }

    /** The one that it names, else the usual one of its kind. */
    private static Optional<Algorithm> algorithm(JsonObject jwk) {
        Optional<Algorithm> usual = switch (jwk.getString("kty", "")) {
            case "RSA" -> Optional.of(Algorithm.RS256);
            case "EC" -> Optional.of(Algorithm.ES256);
            case "OKP" -> Optional.of(Algorithm.EDDSA);
            default -> Optional.empty();
        };
        return jwk.containsKey("alg")
                ? Algorithm.of(jwk.getString("alg"))
                        .filter(named -> usual.map(Algorithm::keyType)
                                .filter(named.keyType()::equals)
                                .isPresent())
                : usual;
    }

    private static PublicKey publicKey(Algorithm algorithm, JsonObject jwk) throws GeneralSecurityException {
        return switch (algorithm) {
            case RS256, PS256 ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case ES256 -> ellipticKey(jwk);
            case EDDSA -> edwardsKey(jwk);
            case HS256 -> throw new GeneralSecurityException("a secret in a public set");
        };
    }

    private static PublicKey ellipticKey(JsonObject jwk) throws GeneralSecurityException {
        if (!jwk.getString("crv").equals("P-256")) {
            throw new GeneralSecurityException("another curve");
        }
        AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
        p256.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, p256.getParameterSpec(ECParameterSpec.class)));
    }

    private static PublicKey edwardsKey(JsonObject jwk) throws GeneralSecurityException {
        byte[] point = bytes(jwk, "x");
        if (!jwk.getString("crv").equals("Ed25519") || point.length != ED25519_BYTES) {
            throw new GeneralSecurityException("another curve");
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.writeBytes(ED25519_SPKI);
        der.writeBytes(point);
        return PublicKeys.ofSpki(Algorithm.EDDSA, der.toByteArray());
    }

    private static BigInteger number(JsonObject jwk, String member) {
        return new BigInteger(1, bytes(jwk, member));
    }

    private static byte[] bytes(JsonObject jwk, String member) {
        return Base64.getUrlDecoder().decode(jwk.getString(member));
    }
}
