package dev.runnel.trace;

import dev.runnel.message.Ended;
import dev.runnel.text.FailureCode;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The span of one generation, with the attributes of OpenTelemetry's GenAI conventions and a few of our own. Without
 * tracing there is no span.
 */
public final class GenerationTrace {

    private static final double NANOS_PER_SECOND = 1e9;

    private static final GenerationTrace NONE = new GenerationTrace(null, null);

    private final @Nullable Span span;
    private final @Nullable String traceparent;

    private GenerationTrace(@Nullable Span span, @Nullable String traceparent) {
        this.span = span;
        this.traceparent = traceparent;
    }

    /** Without a span. The caller's trace context is passed on. */
    static GenerationTrace without(@Nullable String traceparent) {
        return traceparent == null ? NONE : new GenerationTrace(null, traceparent);
    }

    static GenerationTrace start(SpanBuilder builder, GenerationFacts facts) {
        builder.setAttribute("gen_ai.operation.name", facts.operation())
                .setAttribute("gen_ai.provider.name", facts.provider())
                .setAttribute("gen_ai.request.model", facts.model())
                .setAttribute("gen_ai.response.id", facts.id());
        if (facts.maxTokens() > 0) {
            builder.setAttribute("gen_ai.request.max_tokens", facts.maxTokens());
        }
        whole(builder, "gen_ai.request.seed", facts.sampling().seed());
        whole(builder, "gen_ai.request.top_k", facts.sampling().topK());
        real(builder, "gen_ai.request.temperature", facts.sampling().temperature());
        real(builder, "gen_ai.request.top_p", facts.sampling().topP());
        real(builder, "gen_ai.request.presence_penalty", facts.sampling().presencePenalty());
        real(builder, "gen_ai.request.frequency_penalty", facts.sampling().frequencyPenalty());
        word(builder, "runnel.request.id", facts.requestId());
        word(builder, "runnel.key.id", facts.keyId());
        Span span = builder.startSpan();
        return new GenerationTrace(span, Traceparent.of(span.getSpanContext()));
    }

    private static void whole(SpanBuilder builder, String name, @Nullable Number value) {
        if (value != null) {
            builder.setAttribute(name, value.longValue());
        }
    }

    private static void real(SpanBuilder builder, String name, @Nullable Double value) {
        if (value != null) {
            builder.setAttribute(name, value.doubleValue());
        }
    }

    private static void word(SpanBuilder builder, String name, String value) {
        if (!value.isEmpty()) {
            builder.setAttribute(name, value);
        }
    }

    /**
     * The trace context of the generation, for a request to another server (W3C Trace Context, section 3.2). Without
     * tracing it is the caller's, or {@code null} if the caller sent none.
     */
    public @Nullable String traceparent() {
        return traceparent;
    }

    /** Ends the span. Call it once. */
    public void ended(Ended ended) {
        if (span != null) {
            end(span, ended);
        }
    }

    private static void end(Span span, Ended ended) {
        Ended.Durations durations = ended.durations();
        span.setAttribute("gen_ai.usage.input_tokens", ended.usage().promptTokens());
        span.setAttribute("gen_ai.usage.output_tokens", ended.usage().completionTokens());
        span.setAttribute("runnel.queue.duration", durations.queueNanos() / NANOS_PER_SECOND);
        if (durations.firstTokenNanos() >= 0) {
            span.setAttribute("runnel.time_to_first_token", durations.firstTokenNanos() / NANOS_PER_SECOND);
        }
        FailureCode failure = ended.failure();
        if (failure == null) {
            span.setAttribute(
                    AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of(word(ended.outcome())));
        } else {
            span.setAttribute("error.type", word(failure));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** The word for an outcome without a failure is the finish reason's. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
