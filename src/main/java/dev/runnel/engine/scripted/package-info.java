/**
 * Deterministic text at a set pace, for tests, demos and warm-up. It must not know the bus, HTTP or other engines.
 *
 * <p>Other rooms use {@link dev.runnel.engine.scripted.ScriptedProvider} through {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.runnel.engine.scripted;

import org.jspecify.annotations.NullMarked;
