/**
 * The contract on the event bus: records, codecs, addresses, and the client that any verticle uses to generate text. It
 * knows neither who produces the text nor who reads it.
 */
@NullMarked
package dev.runnel.message;

import org.jspecify.annotations.NullMarked;
