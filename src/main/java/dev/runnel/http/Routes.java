package dev.runnel.http;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The whole URL space of the service port. */
final class Routes {

    static final String GENERATE = "/v1/generate";
    static final String STREAM = "/v1/generate/stream";
    static final String MODELS = "/v1/models";
    static final String USAGE = "/v1/usage";

    private final ErrorWriter errors;

    Routes(ErrorWriter errors) {
        this.errors = errors;
    }

    /**
     * What answers where.
     *
     * @param trace comes first everywhere
     * @param authentication comes first under {@code /v1}: a bad key is told before an unknown route or method
     */
    record Handlers(
            Handler<RoutingContext> trace,
            Handler<RoutingContext> authentication,
            Handler<RoutingContext> stream,
            Handler<RoutingContext> generate,
            Handler<RoutingContext> models,
            Handler<RoutingContext> usage) {}

    Router router(Vertx vertx, Handlers handlers) {
        Router router = Router.router(vertx);
        router.route().handler(handlers.trace());
        router.route("/v1/*").handler(handlers.authentication());
        router.route().handler(this::refuseOtherSpellings);
        route(router, HttpMethod.POST, STREAM, handlers.stream());
        route(router, HttpMethod.POST, GENERATE, handlers.generate());
        route(router, HttpMethod.GET, MODELS, handlers.models());
        route(router, HttpMethod.GET, USAGE, handlers.usage());
        router.route().handler(context -> errors.write(context.request(), ErrorResponse.noSuchRoute()));
        router.errorHandler(400, context -> errors.write(context.request(), ErrorResponse.undecodable()));
        router.errorHandler(404, context -> errors.write(context.request(), ErrorResponse.noSuchRoute()));
        router.errorHandler(500, context -> errors.write(context.request(), context.failure()));
        return router;
    }

    /** The router also knows {@code //v1/models}, {@code /v1/models/} and {@code /v1/%6dodels}; nothing else here does. */
    private void refuseOtherSpellings(RoutingContext context) {
        String path = context.request().path();
        if (path != null && path.equals(context.normalizedPath()) && !path.endsWith("/")) {
            context.next();
        } else {
            errors.write(context.request(), ErrorResponse.noSuchRoute());
        }
    }

    /** One method at one path; the others are 405, but for {@code HEAD} beside {@code GET} and {@code OPTIONS}. */
    private void route(Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
        boolean isGet = method.equals(HttpMethod.GET);
        String allowed = isGet ? "GET, HEAD, OPTIONS" : method.name() + ", OPTIONS";
        router.route(method, path).handler(handler);
        if (isGet) {
            router.route(HttpMethod.HEAD, path).handler(handler);
        }
        router.route(HttpMethod.OPTIONS, path)
                .handler(context -> context.response()
                        .putHeader("Allow", allowed)
                        .setStatusCode(204)
                        .end());
        router.route(path).handler(context -> {
            context.response().putHeader("Allow", allowed);
            errors.write(context.request(), ErrorResponse.methodNotAllowed(allowed));
        });
    }
}
