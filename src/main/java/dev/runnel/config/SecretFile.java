package dev.runnel.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A file whose whole content is a secret, without line ends at its end, which editors add. */
final class SecretFile {

    private static final int MAX_BYTES = 64 << 10;

    private SecretFile() {}

    /** The secret; empty if the file cannot be read or is larger than 64 KiB. */
    static Optional<Secret> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? Optional.empty() : Optional.of(new Secret(withoutLineEnd(bytes)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] withoutLineEnd(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }
}
