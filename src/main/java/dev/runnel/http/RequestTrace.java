package dev.runnel.http;

import dev.runnel.trace.Tracing;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Remembers the trace context of a request, as long as it is certain to be on the request's own Vert.x context. */
final class RequestTrace implements Handler<RoutingContext> {

    private static final String TRACE = "runnel.traceparent";

    private final Tracing tracing;

    RequestTrace(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String route = RouteNames.of(request.path());
        String traceparent = tracing.request(request.getHeader("traceparent"), RouteNames.of(request.method()), route);
        if (traceparent != null) {
            context.put(TRACE, traceparent);
        }
        context.next();
    }

    /** The W3C trace context, or {@code null} where there is none. */
    static @Nullable String of(RoutingContext context) {
        return context.get(TRACE);
    }
}
