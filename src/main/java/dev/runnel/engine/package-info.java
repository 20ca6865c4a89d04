/**
 * The SPI that produces text. An engine knows neither the bus nor HTTP; it is found by {@link java.util.ServiceLoader}
 * under a name, so that a jar on the class path adds one.
 */
@NullMarked
package dev.runnel.engine;

import org.jspecify.annotations.NullMarked;
