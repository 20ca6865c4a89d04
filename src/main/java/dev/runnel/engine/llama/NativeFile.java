package dev.runnel.engine.llama;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Extracts the library from the jar into a file, which the system can load. The file's name contains its hash, and the
 * file appears whole or not at all, so several processes and versions can share a folder. An existing file is checked
 * before use.
 */
final class NativeFile {

    private static final int HASH_CHARACTERS_IN_NAME = 16;

    private NativeFile() {}

    static Path extract(Platform platform, Path folder) throws LlamaUnavailableException {
        if (!platform.hasBundled()) {
            throw new LlamaUnavailableException("llama.cpp's library for " + platform.folder()
                    + " is not in the jar (expected: llama.natives: auto, cpu, vulkan, cuda, or a folder)");
        }
        String resource = "/de/kherud/llama/" + platform.folder() + "/" + platform.library();
        try (InputStream in = NativeFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new LlamaUnavailableException("llama.cpp's library for " + platform.folder()
                        + " is not on the class path; put the jar de.kherud:llama there");
            }
            return write(in.readAllBytes(), platform.library(), folder);
        } catch (IOException e) {
            throw new LlamaUnavailableException(
                    "llama.cpp's library cannot be written to " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Path write(byte[] library, String name, Path folder) throws IOException {
        byte[] hash = hash(library);
        String digits = HexFormat.of().formatHex(hash).substring(0, HASH_CHARACTERS_IN_NAME);
        Files.createDirectories(folder);
        Path target = folder.resolve(digits + "-" + name);
        if (Files.isRegularFile(target) && Arrays.equals(hash, hash(Files.readAllBytes(target)))) {
            return target;
        }
        Path half = Files.createTempFile(folder, name, ".part");
        try {
            Files.write(half, library);
            Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
        return target;
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing, which every Java platform has", e);
        }
    }
}
