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

/** Public keys out of PEM text, and which of them an algorithm may be used with. */
final class PublicKeys {

    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BITS = 256;

    private PublicKeys() {}

    /**
     * The first public key in a PEM text.
     *
     * @throws GeneralSecurityException where there is none of the algorithm's kind, with a message that says so
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
     * @throws GeneralSecurityException where it is of another kind or too weak
     */
    static PublicKey checked(Algorithm algorithm, PublicKey key) throws GeneralSecurityException {
        boolean fits = switch (algorithm) {
            case HS256 -> false;
            case RS256, PS256 ->
                key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
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

    static String toPem(PublicKey key) {
        return Pem.encode("PUBLIC KEY", key.getEncoded());
    }

    private static PublicKey ofCertificate(byte[] der) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der))
                .getPublicKey();
    }
}
