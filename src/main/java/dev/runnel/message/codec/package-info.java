/**
 * The form of the bus's records between nodes, and the codecs that the event bus uses. It must not know what a message causes.
 *
 * <p>Other rooms use {@link dev.runnel.message.codec.MessageCodecs}.
 */
@NullMarked
package dev.runnel.message.codec;

import org.jspecify.annotations.NullMarked;
