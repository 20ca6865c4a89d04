package dev.runnel.engine;

import dev.runnel.config.LlamaConfig;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * What an engine gets from the service.
 *
 * @param vertx the service's
 * @param dataDirectory where it may keep files, below a folder of its own
 * @param llama the settings that all models with {@code engine: llama} share
 * @param listener is notified of what happens in the engine
 * @param heldTexts makes the account of one generation of the model of this name; any thread
 */
public record EngineEnvironment(
        Vertx vertx,
        Path dataDirectory,
        LlamaConfig llama,
        EngineListener listener,
        Function<String, HeldText> heldTexts) {

    /** An environment with the default settings, that does not count what engines hold. */
    public EngineEnvironment(Vertx vertx, Path dataDirectory, EngineListener listener) {
        this(vertx, dataDirectory, LlamaConfig.AUTO, listener, model -> HeldText.UNCOUNTED);
    }
}
