package dev.runnel.trace;

import dev.runnel.config.TracingConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.VertxBuilder;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The traces of one process. Spans wait in a bounded queue, and a separate thread sends them. If the receiver is slow,
 * spans are lost and generations are not delayed. Without an endpoint there are no spans, and a caller's trace context
 * is passed on.
 */
public final class Tracing implements AutoCloseable {

    /** The most spans that wait to be sent. */
    public static final int MAX_WAITING = SpanQueue.MAX_WAITING;

    private static final Duration SEND_LIMIT = Duration.ofSeconds(3);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private final @Nullable SpanQueue queue;
    private final @Nullable OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private Tracing(@Nullable SpanQueue queue, @Nullable OpenTelemetrySdk sdk) {
        this.queue = queue;
        this.sdk = sdk;
        this.tracer = (sdk == null ? OpenTelemetry.noop() : sdk).getTracer("dev.runnel");
    }

    /** Creates it from the configuration. Must be closed. */
    public static Tracing of(TracingConfig config) {
        return config.endpoint().map(endpoint -> to(endpoint, config)).orElseGet(() -> new Tracing(null, null));
    }

    private static Tracing to(URI endpoint, TracingConfig config) {
        SpanQueue queue = new SpanQueue(OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setTimeout(SEND_LIMIT)
                .setConnectTimeout(SEND_LIMIT)
                .build());
        return new Tracing(queue, sdk(queue, config));
    }

    private static OpenTelemetrySdk sdk(SpanQueue queue, TracingConfig config) {
        Resource service = Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put("service.name", config.serviceName())
                        .build()));
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(service)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sampling())))
                .addSpanProcessor(queue)
                .build();
        return OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    /** Spans that wait to be sent, 0 … {@link #MAX_WAITING}. */
    public long waitingSpans() {
        return queue == null ? 0 : queue.waiting();
    }

    /** Spans that the receiver has accepted. */
    public long sentSpans() {
        return queue == null ? 0 : queue.sent();
    }

    /** Spans that could not be sent, as the receiver did not answer or refused them. */
    public long failedSpans() {
        return queue == null ? 0 : queue.failed();
    }

    /** Spans that were dropped, as too many waited. */
    public long droppedSpans() {
        return queue == null ? 0 : queue.dropped();
    }

    /** Makes Vert.x start a span for every HTTP request that arrives, if tracing is on. */
    public VertxBuilder into(VertxBuilder builder) {
        OpenTelemetrySdk own = sdk;
        return own == null ? builder : builder.withTracer(factory(own));
    }

    private static VertxTracerFactory factory(OpenTelemetrySdk sdk) {
        return options -> new RequestTracer(tracer(sdk, options));
    }

    /** The type of its spans is internal to Vert.x. A caller only hands a span back to the tracer that made it. */
    @SuppressWarnings("unchecked")
    private static VertxTracer<Object, Object> tracer(OpenTelemetrySdk sdk, TracingOptions options) {
        return (VertxTracer<Object, Object>) new OpenTelemetryTracingFactory(sdk).tracer(options);
    }

    /**
     * Names the span of a request and returns its trace context. Called on the request's context.
     *
     * @param header the client's {@code traceparent} header, well-formed or not
     * @param route the route of the service that the request is for
     * @return the trace context of the request's span; without tracing the client's; or {@code null}
     */
    public @Nullable String request(@Nullable String header, String method, String route) {
        // Without a tracer, Vert.x contexts made so far may have no place for a span.
        if (sdk == null) {
            return Traceparent.wellFormed(header);
        }
        Span span = Span.current();
        if (!span.getSpanContext().isValid()) {
            return Traceparent.wellFormed(header);
        }
        span.updateName(method + " " + route);
        span.setAttribute("http.route", route);
        return Traceparent.of(span.getSpanContext());
    }

    /**
     * Starts the span of a generation.
     *
     * @param traceparent the trace context of its parent, or {@code null}
     * @param known gives the facts for a span; not called without tracing
     */
    public GenerationTrace generation(@Nullable String traceparent, Supplier<GenerationFacts> known) {
        if (sdk == null) {
            return GenerationTrace.without(Traceparent.wellFormed(traceparent));
        }
        GenerationFacts facts = known.get();
        return GenerationTrace.start(
                tracer.spanBuilder(facts.operation() + " " + facts.model())
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(Traceparent.read(traceparent)),
                facts);
    }

    /** Sends the spans that wait, for 3 seconds at most. Blocks. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.getSdkTracerProvider().shutdown().join(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
