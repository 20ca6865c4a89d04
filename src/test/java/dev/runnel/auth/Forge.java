package dev.runnel.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens and key sets with the platform's own cryptography, good ones and others. */
final class Forge {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Forge() {}

    static KeyPair rsa(int bits) {
        return pair("RSA", bits);
    }

    static KeyPair p256() {
        return pair("EC", 256);
    }

    static KeyPair ed25519() {
        return pair("Ed25519", 255);
    }

    private static KeyPair pair(String type, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String base64(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(UTF_8));
    }

    static String hmac(String header, String payload, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String input = base64(header) + "." + base64(payload);
            return input + "." + base64(mac.doFinal(input.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String signed(String algorithm, String header, String payload, PrivateKey key) {
        try {
            Signature signature = switch (algorithm) {
                case "RS256" -> Signature.getInstance("SHA256withRSA");
                case "PS256" -> Signature.getInstance("RSASSA-PSS");
                case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
                case "EdDSA" -> Signature.getInstance("Ed25519");
                default -> throw new AssertionError(algorithm);
            };
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            String input = base64(header) + "." + base64(payload);
            signature.update(input.getBytes(UTF_8));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String header(String algorithm, String keyId) {
        return new JsonObject()
                .put("alg", algorithm)
                .put("typ", "JWT")
                .put("kid", keyId)
                .encode();
    }

    /** A public key as a member of a JWK set. */
    static JsonObject jwk(String algorithm, String keyId, PublicKey key) {
        JsonObject jwk =
                new JsonObject().put("kid", keyId).put("alg", algorithm).put("use", "sig");
        if (key instanceof RSAPublicKey rsa) {
            return jwk.put("kty", "RSA")
                    .put("n", base64(unsigned(rsa.getModulus().toByteArray(), 0)))
                    .put("e", base64(rsa.getPublicExponent().toByteArray()));
        }
        if (key instanceof ECPublicKey ec) {
            return jwk.put("kty", "EC")
                    .put("crv", "P-256")
                    .put("x", base64(unsigned(ec.getW().getAffineX().toByteArray(), 32)))
                    .put("y", base64(unsigned(ec.getW().getAffineY().toByteArray(), 32)));
        }
        byte[] der = key.getEncoded();
        return jwk.put("kty", "OKP").put("crv", "Ed25519").put("x", base64(Arrays.copyOfRange(der, 12, der.length)));
    }

    /** Without the sign byte, filled up in front to a length. */
    private static byte[] unsigned(byte[] number, int length) {
        byte[] plain = number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
        if (plain.length >= length) {
            return plain;
        }
        byte[] filled = new byte[length];
        System.arraycopy(plain, 0, filled, length - plain.length, plain.length);
        return filled;
    }
}
