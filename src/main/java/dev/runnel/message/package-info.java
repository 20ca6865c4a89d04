/**
 * The contract on the event bus: its records and its addresses. It must not know the senders and the receivers of its
 * messages.
 *
 * <p>Every type is public API.
 */
@NullMarked
package dev.runnel.message;

import org.jspecify.annotations.NullMarked;
