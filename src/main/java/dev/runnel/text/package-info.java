/**
 * Text and the values around it that every other room shares: escaped text, the transcript, prompt turns, sampling,
 * finish reason, usage, token estimate and failures. It must not know the bus, the engines or HTTP.
 *
 * <p>Every public type is public API.
 */
@NullMarked
package dev.runnel.text;

import org.jspecify.annotations.NullMarked;
