package dev.runnel.auth;

import dev.runnel.config.AuthConfig;
import dev.runnel.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The secret that signs local keys (HS256). It comes from the configuration, else from the file {@value #FILE_NAME} in
 * the data directory. A missing file is created, with an empty key log beside it. It contains text, so that an operator
 * can pass the same secret to another node in an environment variable.
 */
public final class SigningSecret {

    public static final String FILE_NAME = "signing.secret";

    private final Secret secret;

    private SigningSecret(Secret secret) {
        this.secret = secret;
    }

    /**
     * Blocks: reads the file, and writes it when it is missing.
     *
     * @throws AuthSetupException when the secret is too short, or its file is open to others or cannot be read or
     *     created
     */
    public static SigningSecret open(Optional<Secret> configured, Path dataDirectory) {
        if (configured.isPresent()) {
            return of(configured.get());
        }
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            OwnerOnly.check(file, "make a new one, if others had it");
            String text = Files.readString(file).strip();
            return checked(new Secret(text.getBytes(StandardCharsets.UTF_8)), file.toString());
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be used as the signing secret: " + e, e);
        }
    }

    /**
     * A secret that is not in a file of the data directory.
     *
     * @throws AuthSetupException when it is too short
     */
    static SigningSecret of(Secret secret) {
        return checked(secret, "auth.secret");
    }

    Secret value() {
        return secret;
    }

    private static SigningSecret checked(Secret secret, String name) {
        if (secret.length() < AuthConfig.MIN_SECRET_BYTES) {
            throw new AuthSetupException(name + ": " + secret.length() + " bytes (expected: "
                    + AuthConfig.MIN_SECRET_BYTES + " or more random ones)");
        }
        return new SigningSecret(secret);
    }

    /**
     * Writes a temporary file and links it, so that one of several processes succeeds and each reads a whole file. The
     * key log comes first: from then on, a secret without a log is one whose log was lost.
     */
    private static void create(Path file) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        new KeyLog(directory.resolve(KeyRegistry.FILE_NAME)).create();
        Path temporary = Files.createTempFile(directory, FILE_NAME, ".new", OwnerOnly.attributes(directory));
        try {
            Files.writeString(temporary, newSecret() + "\n");
            putInPlace(temporary, file);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster. This one uses the same secret.
            return;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void putInPlace(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (UnsupportedOperationException e) {
            // This file system has no hard links. A move also fails when the file exists, but not in one step.
            Files.move(temporary, file);
        }
    }

    private static String newSecret() {
        byte[] bytes = new byte[48];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return secret.toString();
    }
}
