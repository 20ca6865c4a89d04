package dev.runnel.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A trace context as one line of text: W3C Trace Context, section 3.2. */
final class Traceparent {

    private static final String NAME = "traceparent";

    private Traceparent() {}

    /** Reads a header from a single line. */
    private static final class Line implements TextMapGetter<String> {

        @Override
        public Iterable<String> keys(String line) {
            return List.of(NAME);
        }

        @Override
        public @Nullable String get(@Nullable String line, String key) {
            return key.equals(NAME) ? line : null;
        }
    }

    /** The context of a line; the root context if the line is {@code null} or not well-formed. */
    static Context read(@Nullable String line) {
        return line == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), line, new Line());
    }

    /** A line as it is passed on: what was read from it. {@code null} if it is absent or not well-formed. */
    static @Nullable String wellFormed(@Nullable String line) {
        return line == null ? null : of(Span.fromContext(read(line)).getSpanContext());
    }

    static @Nullable String of(SpanContext span) {
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : null;
    }
}
