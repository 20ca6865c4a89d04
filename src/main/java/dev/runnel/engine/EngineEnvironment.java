package dev.runnel.engine;

import io.vertx.core.Vertx;
import java.nio.file.Path;

/**
 * What the service gives to an engine.
 *
 * @param dataDirectory where it may keep files, in a folder of its own
 * @param listener receives its events
 */
public record EngineEnvironment(Vertx vertx, Path dataDirectory, EngineListener listener) {}
