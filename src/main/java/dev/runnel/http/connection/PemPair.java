package dev.runnel.http.connection;

import dev.runnel.config.TlsConfig;
import dev.runnel.net.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;

/** The certificate and the key of one port, as they stand in their files. Reading blocks. */
final class PemPair {

    private final String setting;
    private final TlsConfig config;

    /** @param setting the start of each message, {@code http.tls} */
    PemPair(String setting, TlsConfig config) {
        this.setting = setting;
        this.config = config;
    }

    /**
     * Reads both, and checks that they match.
     *
     * @throws TlsException if they cannot be used
     */
    PemKeyCertOptions read(Vertx vertx) throws TlsException {
        Buffer certificates = bytes("certificateFile", config.certificateFile());
        Buffer key = bytes("keyFile", config.keyFile());
        try {
            return Pem.pair(vertx, certificates, key);
        } catch (CertificateException e) {
            throw unusable(
                    "certificateFile",
                    config.certificateFile(),
                    "certificates in PEM, the port's own certificate first");
        } catch (GeneralSecurityException e) {
            String expected = "a private key in PEM, not encrypted, of the first certificate in ";
            throw unusable("keyFile", config.keyFile(), expected + setting + ".certificateFile");
        }
    }

    private Buffer bytes(String name, Path file) throws TlsException {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw unusable(name, file, "a file that can be read");
        }
    }

    private TlsException unusable(String name, Path file, String expected) {
        return new TlsException(setting + "." + name + ": " + file + " (expected: " + expected + ")");
    }
}
