package dev.runnel.trace;

import dev.runnel.net.KnownMethods;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's tracing, limited to the HTTP requests that arrive. A span for each message on the bus would be one for each
 * delta, and an upstream server gets the span of the generation. The span has only the method of a request, because a
 * client may have put a key into the URL.
 */
final class RequestTracer implements VertxTracer<Object, Object> {

    private static final String OTHER = "_OTHER";

    private final VertxTracer<Object, Object> tracer;

    /** @param tracer makes the spans */
    RequestTracer(VertxTracer<Object, Object> tracer) {
        this.tracer = tracer;
    }

    @Override
    public <R> @Nullable Object receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        return request instanceof HttpServerRequest http
                ? tracer.receiveRequest(context, kind, policy, request, method(http), headers, new Method<R>(http))
                : null;
    }

    @Override
    public <R> void sendResponse(
            Context context,
            @Nullable R response,
            @Nullable Object span,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        if (span != null) {
            tracer.sendResponse(context, response, span, failure, tags);
        }
    }

    @Override
    public void close() {
        tracer.close();
    }

    private static String method(HttpServerRequest request) {
        return KnownMethods.nameOr(request.method(), OTHER);
    }

    private record Method<R>(HttpServerRequest request) implements TagExtractor<R> {

        @Override
        public int len(R same) {
            return 1;
        }

        @Override
        public String name(R same, int index) {
            return "http.request.method";
        }

        @Override
        public String value(R same, int index) {
            return method(request);
        }
    }
}
