package dev.runnel.engine;

import io.vertx.core.Vertx;
import java.nio.file.Path;

/**
 * What an engine gets from the service.
 *
 * @param vertx the service's
 * @param dataDirectory where it may keep files, below a folder of its own
 * @param listener is notified of what happens in the engine
 */
public record EngineEnvironment(Vertx vertx, Path dataDirectory, EngineListener listener) {}
