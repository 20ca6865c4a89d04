/**
 * The verticle that accepts requests from the bus, queues them, runs engines and sends deltas. It must not know what
 * sends the requests: HTTP is on the other side of the bus.
 *
 * <p>Other rooms use {@link dev.runnel.generator.GeneratorVerticle}, {@link dev.runnel.generator.GeneratorSetup},
 * {@link dev.runnel.generator.Models}, {@link dev.runnel.generator.Engines} and {@link dev.runnel.generator.KeptRuns}.
 */
@NullMarked
package dev.runnel.generator;

import org.jspecify.annotations.NullMarked;
