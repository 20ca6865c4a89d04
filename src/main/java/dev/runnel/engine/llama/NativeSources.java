package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.LlamaSource;
import dev.runnel.model.FetchListener;
import dev.runnel.model.ModelUnavailableException;
import dev.runnel.model.PackageStore;
import dev.runnel.model.ReleaseArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the files of {@link LlamaV040} for a machine: tries the configured sources in their order. */
final class NativeSources {

    /** The license of llama.cpp, which archives may lack. */
    private static final String LICENSE = "LICENSE.llama.cpp";

    private final LlamaConfig config;
    private final PackageStore packages;
    private final FetchListener listener;

    NativeSources(LlamaConfig config, PackageStore packages, FetchListener listener) {
        this.config = config;
        this.packages = packages;
        this.listener = listener;
    }

    /**
     * The folder with all files of the library, and with the licenses. Blocks, for minutes if it must be fetched.
     *
     * @param model the model that needs it, for the listener and the messages
     * @throws LlamaUnavailableException if no source has them; the message is one line
     */
    Path folder(String model, Platform platform) throws LlamaUnavailableException {
        List<String> failures = new ArrayList<>();
        for (LlamaSource source : config.sources()) {
            try {
                Path folder = from(source, model, platform);
                return NativeFolder.of(folder, config.natives()).folder();
            } catch (ModelUnavailableException | LlamaUnavailableException e) {
                failures.add(String.valueOf(e.getMessage()));
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
                if (failures.size() < config.sources().size()) {
                    listener.notice(model, e.getMessage() + "; the next one of llama.sources is tried");
                }
            }
        }
        throw new LlamaUnavailableException(String.join("; ", failures));
    }

    private Path from(LlamaSource source, String model, Platform platform)
            throws ModelUnavailableException, LlamaUnavailableException {
        if (source instanceof LlamaSource.Folder folder) {
            return folder.path();
        }
        if (source instanceof LlamaSource.Archive archive) {
            return withLicense(packages.fetch(model, new ReleaseArchive(archive.address(), archive.sha256())));
        }
        NativeLlama.checkSystem(platform);
        return withLicense(packages.fetch(model, NativePackage.of(platform, config.natives())));
    }

    private static Path withLicense(Path folder) throws ModelUnavailableException {
        Path license = folder.resolve(LICENSE);
        try (InputStream text = NativeSources.class.getResourceAsStream(LICENSE)) {
            if (text != null && Files.notExists(license)) {
                Files.write(license, text.readAllBytes());
            }
        } catch (IOException e) {
            throw new ModelUnavailableException(license + " cannot be written: " + e.getMessage(), e);
        }
        return folder;
    }
}
