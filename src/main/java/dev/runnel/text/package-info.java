/**
 * Text and the words about it that every other room shares: escaped text, prompt turns, sampling, finish reason, usage
 * and failures. It knows of no bus, no engine and no HTTP.
 */
@NullMarked
package dev.runnel.text;

import org.jspecify.annotations.NullMarked;
