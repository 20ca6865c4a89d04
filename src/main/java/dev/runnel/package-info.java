/**
 * Wires the rooms of one node, starts them and stops them in order. It must not know the command line.
 *
 * <p>Entry point: {@link dev.runnel.Runnel}. The rooms {@code cli}, {@code cli.source} and {@code warmup} also
 * use {@link dev.runnel.BusService}, {@link dev.runnel.WarmUpTask}, {@link dev.runnel.FilelessVertx},
 * {@link dev.runnel.Drain},
 * {@link dev.runnel.Loopback}, {@link dev.runnel.Ports} and {@link dev.runnel.Version}.
 */
@NullMarked
package dev.runnel;

import org.jspecify.annotations.NullMarked;
