package dev.runnel.auth;

import dev.runnel.config.IssuerConfig;
import dev.runnel.config.PublicKeyConfig;
import dev.runnel.net.Pem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the public keys of an issuer from PEM files, once, at the start. */
final class PemSource {

    private static final int MAX_BYTES = 64 << 10;

    private PemSource() {}

    /**
     * Blocks: reads the files.
     *
     * @throws AuthSetupException when a file cannot be used; the message names it
     */
    static KeySource read(IssuerConfig issuer) {
        Set<String> names = new HashSet<>();
        List<VerificationKey> keys = issuer.keys().stream().map(PemSource::read).toList();
        for (VerificationKey key : keys) {
            String name = key.algorithm() + " " + key.id().orElse("");
            if (!names.add(name)) {
                throw new AuthSetupException("auth.trusted: " + issuer.issuer() + " has two keys for " + name
                        + " (expected: a different id for each)");
            }
        }
        if (keys.isEmpty()) {
            throw new AuthSetupException("auth.trusted: " + issuer.issuer() + " has no key (expected: 1 or more)");
        }
        return KeySource.fixed(new KeySet(keys));
    }

    private static VerificationKey read(PublicKeyConfig config) {
        Algorithm algorithm = Algorithm.of(config.algorithm()).orElseThrow();
        try {
            if (Files.size(config.file()) > MAX_BYTES) {
                throw new GeneralSecurityException("too large");
            }
            Buffer file = Buffer.buffer(Files.readAllBytes(config.file()));
            String text = Pem.withoutByteOrderMark(file).toString(StandardCharsets.US_ASCII);
            return VerificationKey.ofPublic(config.id(), algorithm, PublicKeys.ofPem(algorithm, text));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new AuthSetupException(
                    config.file() + ": " + e.getMessage() + " (expected: PEM, PUBLIC KEY or CERTIFICATE, for "
                            + algorithm.joseName()
                            + "; RSA of 2048 … 4096 bits with an exponent of at most 32 bits,"
                            + " over 3072 bits of at most 17)",
                    e);
        }
    }
}
