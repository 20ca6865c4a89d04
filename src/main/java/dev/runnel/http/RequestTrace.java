package dev.runnel.http;

import dev.runnel.net.KnownMethods;
import dev.runnel.trace.Tracing;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Names the span of a request and notes its trace context. Runs before anything asynchronous, because only then the
 * request's own Vert.x context is certain to be the current one.
 */
final class RequestTrace implements Handler<RoutingContext> {

    private static final String KEY = "runnel.traceparent";

    private final Tracing tracing;

    RequestTrace(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String traceparent = tracing.request(
                request.getHeader("traceparent"),
                KnownMethods.nameOr(request.method(), "OTHER"),
                RouteTemplate.of(context));
        if (traceparent != null) {
            context.put(KEY, traceparent);
        }
        context.next();
    }

    /** The W3C trace context, or {@code null} without one. */
    static @Nullable String of(RoutingContext context) {
        return context.get(KEY);
    }
}
