package dev.runnel.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The span of one generation, with the attributes of OpenTelemetry's GenAI conventions and a few of our own. */
public final class GenerationTrace {

    private static final double MILLIS_PER_SECOND = 1000;

    private final Span span;

    private GenerationTrace(Span span) {
        this.span = span;
    }

    static GenerationTrace begin(SpanBuilder builder, GenerationFacts facts) {
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
        return new GenerationTrace(builder.startSpan());
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
     * The trace context of what happens within the generation, for a request to somebody else (W3C Trace Context, section
     * 3.2); without tracing that of the caller, or {@code null} where there was none.
     */
    public @Nullable String traceparent() {
        return Traceparent.of(span.getSpanContext());
    }

    /** It ended. Once. */
    public void ended(GenerationOutcome outcome) {
        span.setAttribute("gen_ai.usage.input_tokens", outcome.usage().promptTokens());
        span.setAttribute("gen_ai.usage.output_tokens", outcome.usage().completionTokens());
        span.setAttribute("runnel.queue.duration", outcome.queueMillis() / MILLIS_PER_SECOND);
        if (outcome.firstTokenMillis() >= 0) {
            span.setAttribute("runnel.time_to_first_token", outcome.firstTokenMillis() / MILLIS_PER_SECOND);
        }
        String finishReason = outcome.finishReason();
        if (finishReason != null) {
            span.setAttribute(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of(finishReason));
        }
        String errorType = outcome.errorType();
        if (errorType != null) {
            span.setAttribute("error.type", errorType);
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
