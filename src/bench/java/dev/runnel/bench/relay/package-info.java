/**
 * What a relayed event costs, and how late it comes: an upstream, a reader, and the figures that are taken with them;
 * and slow clients beside the reader.
 */
@NullMarked
package dev.runnel.bench.relay;

import org.jspecify.annotations.NullMarked;
