package dev.runnel.net;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * Keys and certificates in PEM (RFC 7468). A byte-order mark at the start, which some editors write, is ignored. No
 * message contains a part of the text.
 */
public final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int LINE_CHARACTERS = 64;
    private static final byte[] LINE_END = {'\n'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    /** Any bytes do. */
    private static final byte[] SIGNED = {1, 2, 3};

    private Pem() {}

    /**
     * One block.
     *
     * @param kind its label, for example {@code PUBLIC KEY}
     * @param der its content
     */
    public record Block(String kind, Buffer der) {}

    /** The first block of a text, whatever its kind. */
    public static Optional<Block> firstBlock(String text) {
        Matcher matcher = BLOCK.matcher(text);
        return matcher.find()
                ? Optional.of(new Block(
                        matcher.group(1), Buffer.buffer(Base64.getMimeDecoder().decode(matcher.group(2)))))
                : Optional.empty();
    }

    /** Writes a block, with a line end after its last line. */
    public static String encode(String kind, byte[] der) {
        String content = Base64.getMimeEncoder(LINE_CHARACTERS, LINE_END).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + content + "\n-----END " + kind + "-----\n";
    }

    /**
     * The certificates of a text in their order, one or more.
     *
     * @throws CertificateException if there is no certificate, or something that is not one
     */
    public static List<X509Certificate> certificates(Buffer text) throws CertificateException {
        byte[] bytes = withoutByteOrderMark(text).getBytes();
        List<X509Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)).stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        return certificates;
    }

    /**
     * A server's certificates and the private key of the first one.
     *
     * @throws CertificateException if the certificates cannot be read
     * @throws GeneralSecurityException if the key cannot be read, is encrypted, or does not match the first certificate
     */
    public static PemKeyCertOptions pair(Vertx vertx, Buffer certificates, Buffer key) throws GeneralSecurityException {
        X509Certificate own = certificates(certificates).get(0);
        PemKeyCertOptions pair = new PemKeyCertOptions()
                .setCertValue(withoutByteOrderMark(certificates))
                .setKeyValue(withoutByteOrderMark(key));
        if (!match(own, privateKey(vertx, pair))) {
            throw new GeneralSecurityException("the private key does not match the certificate");
        }
        return pair;
    }

    /** What Vert.x throws for a key that it does not understand, it would throw again when it listens. */
    private static PrivateKey privateKey(Vertx vertx, PemKeyCertOptions pair) throws GeneralSecurityException {
        try {
            for (String alias : Collections.list(pair.loadKeyStore(vertx).aliases())) {
                for (KeyManager manager : pair.getKeyManagerFactory(vertx).getKeyManagers()) {
                    PrivateKey key = manager instanceof X509KeyManager known ? known.getPrivateKey(alias) : null;
                    if (key != null) {
                        return key;
                    }
                }
            }
        } catch (Exception e) {
            throw new GeneralSecurityException("the private key cannot be read", e);
        }
        throw new GeneralSecurityException("no private key");
    }

    /** Whether what the key signs can be verified with the certificate. */
    static boolean match(X509Certificate certificate, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(SIGNED);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(SIGNED);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // keys of different kinds
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm().toUpperCase(Locale.ROOT)) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    /** The same text without a byte-order mark, which neither Vert.x nor the JDK accepts. */
    public static Buffer withoutByteOrderMark(Buffer text) {
        String start = text.getString(0, Math.min(text.length(), BYTE_ORDER_MARK.length), "ISO-8859-1");
        boolean marked = start.equals(new String(BYTE_ORDER_MARK, StandardCharsets.ISO_8859_1));
        return marked ? text.getBuffer(BYTE_ORDER_MARK.length, text.length()) : text;
    }
}
