package dev.runnel.engine;

import io.vertx.core.Vertx;
import java.nio.file.Path;

/**
 * What an engine finds around it.
 *
 * @param dataDirectory where it may keep files, below a folder of its own
 * @param listener whom it tells what happens
 */
public record EngineEnvironment(Vertx vertx, Path dataDirectory, EngineListener listener) {}
