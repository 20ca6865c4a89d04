/**
 * Wires the rooms of one node, starts them and stops them in order. It must not know the command line.
 *
 * <p>Entry point: {@link dev.runnel.Runnel}.
 */
@NullMarked
package dev.runnel;

import org.jspecify.annotations.NullMarked;
