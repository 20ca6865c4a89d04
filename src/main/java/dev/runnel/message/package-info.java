/**
 * The contract on the event bus: its records and its addresses. It must not know who sends a message and who receives it.
 *
 * <p>Every type is public API.
 */
@NullMarked
package dev.runnel.message;

import org.jspecify.annotations.NullMarked;
