/**
 * The SPI of engines, which produce text. {@link java.util.ServiceLoader} finds an engine by its name, so that a jar on
 * the class path adds one. It must not know the bus or HTTP.
 *
 * <p>An engine implements {@link dev.runnel.engine.EngineProvider}, {@link dev.runnel.engine.Engine},
 * {@link dev.runnel.engine.PreparedPrompt} and {@link dev.runnel.engine.GenerationHandle}. It sends its output to a
 * {@link dev.runnel.engine.Sink} and its events to an {@link dev.runnel.engine.EngineListener}.
 */
@NullMarked
package dev.runnel.engine;

import org.jspecify.annotations.NullMarked;
