/**
 * The verticle that takes requests off the bus, queues them, runs engines and sends deltas. It does not know who asks: HTTP
 * is on the other side of the bus.
 */
@NullMarked
package dev.runnel.generator;

import org.jspecify.annotations.NullMarked;
