/**
 * Spans, and the trace context that stands before and behind them. The only package that knows OpenTelemetry; what it is
 * told has no prompt, no text and no key in it.
 */
@NullMarked
package dev.runnel.trace;

import org.jspecify.annotations.NullMarked;
