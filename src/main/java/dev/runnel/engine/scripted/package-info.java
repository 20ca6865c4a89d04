/**
 * Deterministic text at a set pace, for tests, demos and warm-up. It knows neither the bus nor HTTP, and of the other
 * engines nothing.
 */
@NullMarked
package dev.runnel.engine.scripted;

import org.jspecify.annotations.NullMarked;
