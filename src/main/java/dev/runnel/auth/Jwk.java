package dev.runnel.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of a JWK set as it is written there (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
 *
 * @param d present in a private key only
 */
record Jwk(
        @Nullable String kty,
        @Nullable String kid,
        @Nullable String use,
        @JsonProperty("key_ops") @Nullable List<String> keyOps,
        @Nullable String alg,
        @Nullable String crv,
        @Nullable String n,
        @Nullable String e,
        @Nullable String x,
        @Nullable String y,
        @Nullable JsonNode d) {

    private static final int ED25519_BYTES = 32;

    /** The bytes before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 §4). */
    private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    /**
     * Makes the public key. Empty when it is of another kind or for another use.
     *
     * @throws GeneralSecurityException when it is broken or too weak
     */
    Optional<VerificationKey> toKey() throws GeneralSecurityException {
        Optional<Algorithm> algorithm = algorithm();
        // With d it is a private key. Others can read it in this set, so it must not be trusted.
        if (algorithm.isEmpty() || !isForSignatures() || d != null) {
            return Optional.empty();
        }
        PublicKey key = PublicKeys.checked(algorithm.get(), publicKey(algorithm.get()));
        return Optional.of(VerificationKey.ofPublic(Optional.ofNullable(kid), algorithm.get(), key));
    }

    private boolean isForSignatures() {
        return (use == null || use.equals("sig")) && (keyOps == null || keyOps.contains("verify"));
    }

    /** The algorithm that the key names, else the usual one of its kind. */
    private Optional<Algorithm> algorithm() {
        Optional<Algorithm> usual = Optional.ofNullable(kty).flatMap(Jwk::usualAlgorithm);
        return alg == null
                ? usual
                : Algorithm.of(alg)
                        .filter(named -> usual.map(Algorithm::keyType)
                                .filter(named.keyType()::equals)
                                .isPresent());
    }

    private static Optional<Algorithm> usualAlgorithm(String kty) {
        return switch (kty) {
            case "RSA" -> Optional.of(Algorithm.RS256);
            case "EC" -> Optional.of(Algorithm.ES256);
            case "OKP" -> Optional.of(Algorithm.EDDSA);
            default -> Optional.empty();
        };
    }

    private PublicKey publicKey(Algorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case RS256, PS256 ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(n), number(e)));
            case ES256 -> ellipticKey();
            case EDDSA -> edwardsKey();
            case HS256 -> throw new GeneralSecurityException("a secret in a public set");
        };
    }

    private PublicKey ellipticKey() throws GeneralSecurityException {
        checkCurve("P-256");
        AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
        p256.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(x), number(y));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, p256.getParameterSpec(ECParameterSpec.class)));
    }

    private PublicKey edwardsKey() throws GeneralSecurityException {
        checkCurve("Ed25519");
        byte[] point = bytes(x);
        if (point.length != ED25519_BYTES) {
            throw new GeneralSecurityException("x: " + point.length + " bytes (expected: " + ED25519_BYTES + ")");
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.writeBytes(ED25519_SPKI);
        der.writeBytes(point);
        return PublicKeys.ofSpki(Algorithm.EDDSA, der.toByteArray());
    }

    private void checkCurve(String expected) throws GeneralSecurityException {
        if (!expected.equals(crv)) {
            throw new GeneralSecurityException("crv: another curve (expected: " + expected + ")");
        }
    }

    private static BigInteger number(@Nullable String member) throws GeneralSecurityException {
        return new BigInteger(1, bytes(member));
    }

    private static byte[] bytes(@Nullable String member) throws GeneralSecurityException {
        if (member == null) {
            throw new GeneralSecurityException("a member of the key is missing");
        }
        return Base64.getUrlDecoder().decode(member);
    }
}
