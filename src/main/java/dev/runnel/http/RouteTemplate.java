package dev.runnel.http;

import io.vertx.ext.web.RoutingContext;

/** The path template that a request matches: its route's name in logs and spans. */
final class RouteTemplate {

    /** The name of every path that is not a route: a client's paths are not logged. */
    static final String NONE = "none";

    private static final String KEY = "runnel.route";

    private RouteTemplate() {}

    /** Notes the template. {@link Routes} does so before everything else. */
    static void note(RoutingContext context, String template) {
        context.put(KEY, template);
    }

    /** The noted template, or {@link #NONE}. */
    static String of(RoutingContext context) {
        return context.get(KEY, NONE);
    }
}
