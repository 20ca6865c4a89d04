package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds a model's file, or fetches it into the data directory, {@code models/<name>/model.gguf}. The configured sources
 * are tried in order. A file that was fetched before is used in place of the sources that can be fetched. The file
 * there is always whole and checked. Any number of processes may share the directory.
 */
public final class ModelStore {

    private final Path dataDirectory;
    private final FetchListener listener;
    private final FetchTools tools;

    /**
     * @param dataDirectory the directory that has the folder {@code models}
     * @param listener is notified of the progress, and of each source that fails
     */
    public ModelStore(Path dataDirectory, FetchListener listener) {
        this(dataDirectory, listener, FetchTools.ofThisMachine());
    }

    ModelStore(Path dataDirectory, FetchListener listener, FetchTools tools) {
        this.dataDirectory = dataDirectory;
        this.listener = listener;
        this.tools = tools;
    }

    /** The model's file in the data directory, if an earlier {@link #fetch} has left one. */
    public static Optional<Path> fetched(Path dataDirectory, String modelName) {
        return Optional.of(ModelPlace.of(dataDirectory, modelName).model()).filter(Files::isRegularFile);
    }

    /**
     * The model's file, whole and with the right hash. Blocks, for minutes if the file must be fetched. An interrupt
     * ends the fetch promptly, and the thread's interrupt flag stays set.
     *
     * @throws ModelUnavailableException if no source has the file; the message is one line that says what to do
     */
    public Path fetch(String modelName, ModelFile file) throws ModelUnavailableException {
        ModelPlace place = ModelPlace.of(dataDirectory, modelName);
        try {
            return new ModelLocator(modelName, file, place, tools, listener).run();
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
