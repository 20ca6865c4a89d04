/**
 * The account of the bytes that the process holds for clients. These are request bodies, large events of upstream
 * servers, unsent texts, and events that a socket has not accepted. It must not know what the bytes are, nor how a
 * client is answered. Its public types are {@link dev.runnel.memory.HeldBytes}, {@link dev.runnel.memory.Holding} and
 * {@link dev.runnel.memory.MemoryBounds}.
 */
@NullMarked
package dev.runnel.memory;

import org.jspecify.annotations.NullMarked;
