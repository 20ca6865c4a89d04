/**
 * The SPI that produces text. {@link java.util.ServiceLoader} finds an engine's provider, so that a jar on the class
 * path adds an engine. An engine must know neither the bus nor HTTP.
 *
 * <p>Every type is public API.
 */
@NullMarked
package dev.runnel.engine;

import org.jspecify.annotations.NullMarked;
