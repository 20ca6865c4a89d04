package dev.runnel.auth;

import dev.runnel.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * The secret that local keys are signed with (HS256). It comes from the configuration, else from the file
 * {@value #FILE_NAME} in the data directory, which is made where there is none. The file holds text, so that another
 * node can be given the same secret by its environment.
 */
public final class SigningSecret {

    public static final String FILE_NAME = "signing.secret";

    /** RFC 7518 §3.2: not shorter than the hash. */
    public static final int MIN_BYTES = 32;

    private final Secret secret;

    private SigningSecret(Secret secret) {
        this.secret = secret;
    }

    /**
     * Blocks: reads and perhaps writes a file.
     *
     * @throws AuthSetupException where the secret is too short, its file open to others, or cannot be read or made
     */
    public static SigningSecret open(Optional<Secret> configured, Path dataDirectory) {
        if (configured.isPresent()) {
            return checked(configured.get(), "auth.secret");
        }
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            refuseIfOpenToOthers(file);
            String text = Files.readString(file).strip();
            return checked(new Secret(text.getBytes(StandardCharsets.UTF_8)), file.toString());
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be used as the signing secret: " + e, e);
        }
    }

    Secret value() {
        return secret;
    }

    private static SigningSecret checked(Secret secret, String name) {
        if (secret.length() < MIN_BYTES) {
            throw new AuthSetupException(
                    name + ": " + secret.length() + " bytes (expected: " + MIN_BYTES + " or more random ones)");
        }
        return new SigningSecret(secret);
    }

    /** Written aside and linked into place, so that of several processes one wins and none sees half a file. */
    private static void create(Path file) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        Path aside = Files.createTempFile(directory, FILE_NAME, ".new", OwnerOnly.attributes(directory));
        try {
            Files.writeString(aside, newSecret() + "\n");
            putInPlace(aside, file);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster: its secret is as good.
            return;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void putInPlace(Path aside, Path file) throws IOException {
        try {
            Files.createLink(file, aside);
        } catch (UnsupportedOperationException e) {
            // No hard links here; this fails too where the file exists, only not in one step.
            Files.move(aside, file);
        }
    }

    private static String newSecret() {
        byte[] bytes = new byte[48];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void refuseIfOpenToOthers(Path file) throws IOException {
        if (!OwnerOnly.isKnownTo(file)) {
            return;
        }
        Set<PosixFilePermission> given = Files.getPosixFilePermissions(file);
        if (!OwnerOnly.PERMISSIONS.containsAll(given)) {
            throw new AuthSetupException(file + ": " + PosixFilePermissions.toString(given)
                    + " (expected: rw------- or less; run chmod 600 on it, and make a new one if others had it)");
        }
    }

    @Override
    public String toString() {
        return secret.toString();
    }
}
