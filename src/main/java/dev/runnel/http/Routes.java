package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.auth.Scope;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Mounts endpoints on a router. The route of a request is noted first, so that logs and spans name it even where the
 * request is refused. Under {@code /v1} a bad key is refused before an unknown route or method.
 */
final class Routes {

    private final ErrorWriter errors;
    private final RequestLog log;
    private final Handler<RoutingContext> trace;
    private final List<Handler<RoutingContext>> admission;

    /**
     * @param trace receives every request after its route is noted
     * @param admission receive every request under {@code /v1} before its endpoint does, in this order
     */
    Routes(ErrorWriter errors, RequestLog log, Handler<RoutingContext> trace, List<Handler<RoutingContext>> admission) {
        this.errors = errors;
        this.log = log;
        this.trace = trace;
        this.admission = List.copyOf(admission);
    }

    /** A router of these endpoints. A path without parameters precedes the templates that match it. */
    Router router(Vertx vertx, List<Endpoint> endpoints) {
        Map<String, List<Endpoint>> paths = endpoints.stream()
                .sorted(Comparator.comparing(Endpoint::hasParameters))
                .collect(Collectors.groupingBy(Endpoint::path, LinkedHashMap::new, Collectors.toList()));
        Router router = Router.router(vertx);
        paths.forEach((path, known) -> router.route(path).handler(context -> note(context, path, known)));
        router.route().handler(trace);
        admission.forEach(handler -> router.route("/v1/*").handler(handler));
        router.route().handler(this::refuseOtherSpellings);
        paths.forEach((path, known) -> mount(router, path, known));
        router.route().handler(context -> errors.write(context, ErrorResponse.noSuchRoute()));
        router.errorHandler(400, context -> errors.write(context, ErrorResponse.undecodable(Optional.empty())));
        router.errorHandler(404, context -> errors.write(context, ErrorResponse.noSuchRoute()));
        router.errorHandler(500, context -> errors.write(context, context.failure()));
        return router;
    }

    private void note(RoutingContext context, String template, List<Endpoint> endpoints) {
        boolean isFirst = RouteTemplate.of(context).equals(RouteTemplate.NONE);
        if (isFirst && isSpelledAsDeclared(context)) {
            RouteTemplate.note(context, template);
            log.routed(context.request(), template);
            endpoints.stream()
                    .filter(endpoint ->
                            endpoint.decidesErrorForm(context.request().method()))
                    .forEach(endpoint -> endpoint.errorForm().note(context));
            if (endpoints.stream()
                    .anyMatch(
                            endpoint -> endpoint.asksLimitsFor(context.request().method()))) {
                Limits.noteAskedByEndpoint(context);
            }
        }
        context.next();
    }

    private void refuseOtherSpellings(RoutingContext context) {
        if (isSpelledAsDeclared(context)) {
            context.next();
        } else {
            errors.write(context, ErrorResponse.noSuchRoute());
        }
    }

    /**
     * The router also matches {@code //v1/models}, {@code /v1/models/} and {@code /v1/%6dodels}. A proxy that filters
     * paths may not, so only the declared spelling is a route.
     */
    private static boolean isSpelledAsDeclared(RoutingContext context) {
        String path = context.request().path();
        return path != null
                && path.equals(context.normalizedPath())
                && (path.equals(PlaygroundHandler.PAGE) || !path.endsWith("/"));
    }

    /** Another method at this path is 405, but for {@code OPTIONS}. */
    private void mount(Router router, String path, List<Endpoint> endpoints) {
        String allowed = allowed(endpoints);
        for (Endpoint endpoint : endpoints) {
            Handler<RoutingContext> handler = context -> handle(context, endpoint);
            router.route(endpoint.method(), path).handler(handler);
            if (endpoint.answers(HttpMethod.HEAD)) {
                router.route(HttpMethod.HEAD, path).handler(handler);
            }
        }
        router.route(HttpMethod.OPTIONS, path)
                .handler(context -> context.response()
                        .putHeader("Allow", allowed)
                        .setStatusCode(204)
                        .end());
        router.route(path).handler(context -> {
            context.response().putHeader("Allow", allowed);
            errors.write(context, ErrorResponse.methodNotAllowed(allowed));
        });
    }

    private static String allowed(List<Endpoint> endpoints) {
        Stream<String> methods = endpoints.stream()
                .flatMap(endpoint -> endpoint.answers(HttpMethod.HEAD)
                        ? Stream.of(endpoint.method(), HttpMethod.HEAD)
                        : Stream.of(endpoint.method()))
                .map(HttpMethod::name);
        return Stream.concat(methods, Stream.of("OPTIONS")).distinct().collect(Collectors.joining(", "));
    }

    private void handle(RoutingContext context, Endpoint endpoint) {
        if (endpoint.scope().isPresent()) {
            Scope scope = endpoint.scope().get();
            Caller caller = AuthenticatedCaller.of(context).caller();
            if (!caller.may(scope)) {
                errors.write(context, ErrorResponse.forbidden(null, missing(scope, caller)));
                return;
            }
        }
        endpoint.handler().handle(context);
    }

    private static String missing(Scope scope, Caller caller) {
        String scopes = caller.scopes().stream().map(Scope::claimName).sorted().collect(Collectors.joining(" "));
        return "scope: " + (scopes.isEmpty() ? "empty" : scopes) + " (expected: an API key with " + scope.claimName()
                + ")";
    }
}
