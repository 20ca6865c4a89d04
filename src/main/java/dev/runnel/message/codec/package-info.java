/**
 * The form of the bus's records between nodes, and the codecs that the event bus uses. It must not know what a message
 * causes.
 *
 * <p>Nodes of different versions understand each other. Fields are only added. A missing field has a default, and an
 * unknown one is skipped. An unknown constant reads as the one that means "unknown". The resource {@code
 * messages.proto} is the schema.
 *
 * <p>Other rooms use {@link dev.runnel.message.codec.MessageCodecs} and
 * {@link dev.runnel.message.codec.MalformedMessageException}.
 */
@NullMarked
package dev.runnel.message.codec;

import org.jspecify.annotations.NullMarked;
