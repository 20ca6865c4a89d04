package dev.runnel.engine.llama;

import dev.runnel.model.ModelUnavailableException;
import dev.runnel.model.NpmPackage;
import dev.runnel.model.PackageStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The npm packages that have the files of {@link LlamaV040} for a machine. */
final class NativePackage {

    /** The version of the packages, not of llama.cpp. */
    private static final String VERSION = "3.21.1";

    /** The license of llama.cpp, which the packages lack. */
    private static final String LICENSE = "LICENSE.llama.cpp";

    private NativePackage() {}

    /**
     * The folder with the files of the library, and with the licenses.
     *
     * @param model the model that needs it, for the listener and the message
     * @throws ModelUnavailableException if the package cannot be fetched, or the license cannot be written
     */
    static Path fetch(Platform platform, PackageStore packages, String model) throws ModelUnavailableException {
        Path folder = packages.fetch(model, of(platform));
        Path license = folder.resolve(LICENSE);
        try (InputStream text = NativePackage.class.getResourceAsStream(LICENSE)) {
            if (text != null && Files.notExists(license)) {
                Files.write(license, text.readAllBytes());
            }
        } catch (IOException e) {
            throw new ModelUnavailableException(license + " cannot be written: " + e.getMessage(), e);
        }
        return folder;
    }

    private static NpmPackage of(Platform platform) {
        return switch (platform.folder()) {
            case "Linux/x86_64" ->
                of("linux-x64", "4b5b65a8b2611d8af94349b02d815c0f424a30a0a19aef2be5db25ecfef6730f", 10_582_760);
            case "Linux/aarch64" ->
                of("linux-arm64", "2c4271d060429701d27c7b0fd5ba8e83b37d36c427faf97d54d003d5d73b62dd", 7_213_055);
            case "Mac/x86_64" ->
                of("mac-x64", "3bcc6b2d6d3618098a36c9c01ae3afff1599f336a826cd54b1a55a73ed2159a7", 10_809_280);
            default ->
                of("mac-arm64-metal", "cd11a52fab1935fde5abd221b5ecf8167686b45e386b6a02df49cb9b2814e9d6", 4_858_447);
        };
    }

    private static NpmPackage of(String name, String sha256, long bytes) {
        return new NpmPackage(
                "@node-llama-cpp",
                name,
                VERSION,
                "bins/" + name,
                Set.of("llama-addon.node", "libllama-common.so", "libllama-common.dylib", "_nlcBuildMetadata.json"),
                sha256,
                bytes);
    }
}
