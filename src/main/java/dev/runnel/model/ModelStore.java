package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Finds a model's file, or fetches it into the data directory, {@code models/<name>/model.gguf}. The configured sources are
 * tried in order; a file that was fetched before stands for the sources that can be fetched. A file under its name there is
 * always whole, and checked; any number of processes may share the directory.
 */
public final class ModelStore {

    private final Path dataDirectory;
    private final FetchListener listener;
    private final FetchTools means;

    /**
     * @param dataDirectory models live below it
     * @param listener hears the progress, and a line for each source that fails
     */
    public ModelStore(Path dataDirectory, FetchListener listener) {
        this(dataDirectory, listener, FetchTools.ofThisMachine());
    }

    ModelStore(Path dataDirectory, FetchListener listener, FetchTools means) {
        this.dataDirectory = dataDirectory;
        this.listener = listener;
        this.means = means;
    }

    /**
     * The model's file, whole and with the right hash. Blocks, for minutes where it must be fetched; an interrupt ends that
     * promptly, and the thread stays marked as interrupted.
     *
     * @throws ModelUnavailableException if no source has it, with one line that says what to do
     */
    public Path fetch(String modelName, ModelFile file) throws ModelUnavailableException {
        ModelPlace place = ModelPlace.of(dataDirectory, modelName);
        try {
            return new ModelLocator(modelName, file, place, means, listener).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelUnavailableException(modelName + ": stopped while its file was fetched", e);
        } catch (IOException e) {
            String why = FileCheck.isInterrupt(e) ? "stopped while its file was fetched" : IoReason.of(e);
            throw new ModelUnavailableException(
                    modelName + ": cannot keep its file in " + place.folder() + ": " + why, e);
        }
    }
}
