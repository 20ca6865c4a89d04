package dev.runnel.engine.llama;

import dev.runnel.engine.EngineListener;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a model's file, or fetches it into the data directory. */
public final class ModelStore {

    private final Path dataDirectory;
    private final EngineListener listener;

    /**
     * @param dataDirectory models live below it, in {@code models/<name>/}
     * @param listener hears the progress, and a line for each source that fails
     */
    public ModelStore(Path dataDirectory, EngineListener listener) {
        this.dataDirectory = dataDirectory;
        this.listener = listener;
    }

    /**
     * The model's file, whole and with the right hash. Blocks, for minutes where it must be fetched; an interrupt ends it
     * promptly.
     *
     * @throws ModelUnavailableException if no source has it, with one line that says what to do
     */
    public Path fetch(String modelName, ModelFile file) throws ModelUnavailableException {
        Path present = dataDirectory.resolve("models").resolve(modelName).resolve("model.gguf");
        if (Files.isRegularFile(present)) {
            return present;
        }
        for (ModelSource source : file.sources()) {
            if (source instanceof ModelSource.OnDisk onDisk && Files.isRegularFile(onDisk.path())) {
                return onDisk.path();
            }
            listener.notice(modelName, source.inWords() + ": not there");
        }
        throw new ModelUnavailableException(modelName + ": no source has the model's file; put it at " + present);
    }
}
