/**
 * Spans, and the trace context that is passed on from a caller to an upstream server. The only package that knows
 * OpenTelemetry. It must not know prompts, generated text or keys.
 *
 * <p>Other rooms use {@link dev.runnel.trace.Tracing}, {@link dev.runnel.trace.GenerationFacts} and
 * {@link dev.runnel.trace.GenerationTrace}.
 */
@NullMarked
package dev.runnel.trace;

import org.jspecify.annotations.NullMarked;
