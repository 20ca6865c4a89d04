package dev.runnel.http;

import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of methods and routes for logs and spans: a bounded set, whatever a client sends. */
final class RouteNames {

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private static final Set<String> PATHS = Set.of(Routes.GENERATE, Routes.STREAM, Routes.MODELS, Routes.USAGE);

    private RouteNames() {}

    /** The method's name; {@code OTHER} for a token that is no method of HTTP. */
    static String of(HttpMethod method) {
        return METHODS.contains(method) ? method.name() : "OTHER";
    }

    /** The path of a route; {@code none} for any other path. */
    static String of(@Nullable String path) {
        return path != null && PATHS.contains(path) ? path : "none";
    }
}
