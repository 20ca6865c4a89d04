package dev.runnel.http.connection;

import dev.runnel.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/** The certificate and the key of one port, as they stand in their files. Reading blocks. */
final class PemPair {

    private static final byte[] SIGNED = {1, 2, 3};

    private final String setting;
    private final TlsConfig config;

    /** @param setting begins each complaint, {@code http.tls} */
    PemPair(String setting, TlsConfig config) {
        this.setting = setting;
        this.config = config;
    }

    /**
     * Both, checked to belong together.
     *
     * @throws TlsException if they cannot be used
     */
    PemKeyCertOptions read(Vertx vertx) throws TlsException {
        Buffer certificates = bytes("certificateFile", config.certificateFile());
        Buffer key = bytes("keyFile", config.keyFile());
        X509Certificate own = own(certificates);
        PemKeyCertOptions pair =
                new PemKeyCertOptions().setCertValue(certificates).setKeyValue(key);
        if (!isPair(own, privateKey(vertx, pair))) {
            throw badKey();
        }
        return pair;
    }

    private Buffer bytes(String name, Path file) throws TlsException {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw bad(name, file, "a file that can be read");
        }
    }

    private X509Certificate own(Buffer certificates) throws TlsException {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates.getBytes()))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new CertificateException("none"));
        } catch (CertificateException e) {
            throw bad("certificateFile", config.certificateFile(), "certificates in PEM, the port's own first");
        }
    }

    /** Whatever Vert.x throws for a key that it does not understand, it will throw again when it listens. */
    private PrivateKey privateKey(Vertx vertx, PemKeyCertOptions pair) throws TlsException {
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
            throw badKey();
        }
        throw badKey();
    }

    private static boolean isPair(X509Certificate certificate, PrivateKey key) {
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

    private TlsException badKey() {
        String expected = "a private key in PEM, not encrypted, of the first certificate in ";
        return bad("keyFile", config.keyFile(), expected + setting + ".certificateFile");
    }

    private TlsException bad(String name, Path file, String expected) {
        return new TlsException(setting + "." + name + ": " + file + " (expected: " + expected + ")");
    }
}
