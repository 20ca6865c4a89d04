package dev.runnel.auth;

import dev.runnel.net.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/** Reads public keys from PEM text, and checks whether an algorithm may be used with a key. */
final class PublicKeys {

    private static final int MIN_RSA_BITS = 2048;

    /**
     * A verification runs on an event loop. Compiled by C1, it needs less than 5 ms within these limits. With 4096 bits
     * and an exponent of 32 bits it needed up to 5.8 ms.
     */
    private static final int MAX_RSA_BITS = 4096;

    private static final int MAX_EXPONENT_BITS = 32;
    private static final int LARGE_RSA_BITS = 3072;
    /** The length of 65537, the exponent of nearly all keys. */
    private static final int MAX_EXPONENT_BITS_OF_LARGE = 17;

    private static final int P256_BITS = 256;

    private PublicKeys() {}

    /**
     * The first public key in a PEM text.
     *
     * @throws GeneralSecurityException when the text has no key for the algorithm; the message says why
     */
    static PublicKey ofPem(Algorithm algorithm, String text) throws GeneralSecurityException {
        Pem.Block block = Pem.firstBlock(text).orElseThrow(() -> new GeneralSecurityException("no PEM block"));
        byte[] der = block.der().getBytes();
        PublicKey key = switch (block.kind()) {
            case "PUBLIC KEY" -> ofSpki(algorithm, der);
            case "CERTIFICATE" -> ofCertificate(der);
            default -> throw new GeneralSecurityException("a PEM block of the kind " + block.kind());
        };
        return checked(algorithm, key);
    }

    /** A key as X.509 encodes it (SubjectPublicKeyInfo). */
    static PublicKey ofSpki(Algorithm algorithm, byte[] der) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm.keyType()).generatePublic(new X509EncodedKeySpec(der));
    }

    /**
     * The same key, if the algorithm may be used with it.
     *
     * @throws GeneralSecurityException when it is of another kind, too weak, or too slow to verify with
     */
    static PublicKey checked(Algorithm algorithm, PublicKey key) throws GeneralSecurityException {
        boolean fits = switch (algorithm) {
            case HS256 -> false;
            case RS256, PS256 -> key instanceof RSAPublicKey rsa && isFit(rsa);
            case ES256 ->
                key instanceof ECPublicKey ec
                        && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS
                        && ec.getParams().getOrder().bitLength() == P256_BITS;
            case EDDSA ->
                key instanceof EdECPublicKey ed
                        && NamedParameterSpec.ED25519
                                .getName()
                                .equals(ed.getParams().getName());
        };
        if (!fits) {
            throw new GeneralSecurityException("not a key for " + algorithm.joseName());
        }
        return key;
    }

    private static boolean isFit(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        return bits >= MIN_RSA_BITS
                && bits <= MAX_RSA_BITS
                && key.getPublicExponent().bitLength() <= maxExponentBits(bits);
    }

    private static int maxExponentBits(int modulusBits) {
        return modulusBits > LARGE_RSA_BITS ? MAX_EXPONENT_BITS_OF_LARGE : MAX_EXPONENT_BITS;
    }

    static String toPem(PublicKey key) {
        return Pem.encode("PUBLIC KEY", key.getEncoded());
    }

    private static PublicKey ofCertificate(byte[] der) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der))
                .getPublicKey();
    }
}
