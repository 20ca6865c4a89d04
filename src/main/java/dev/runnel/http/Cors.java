package dev.runnel.http;

import dev.runnel.config.CorsConfig;
import dev.runnel.http.connection.RequestId;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Lets pages of the listed origins use the API (CORS, section 3.2 of the WHATWG Fetch text). A preflight is answered
 * here, as browsers send it without a key. A request of another origin is processed without these headers.
 *
 * <p>The {@code CorsHandler} of vertx-web (5.0.12) does not fit: it answers 403 where the origin is not listed.
 * Browsers send {@code Origin} also with the POST of a page of this service itself.
 */
final class Cors implements Handler<RoutingContext> {

    private static final String METHODS = "GET, POST, DELETE";
    private static final String MAX_AGE_SECONDS = "600";
    private static final String EXPOSED = String.join(
            ", ",
            RequestId.HEADER,
            "X-Generation-Id",
            "Retry-After",
            "x-ratelimit-limit-requests",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-reset-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-tokens");

    private final CorsConfig config;

    Cors(CorsConfig config) {
        this.config = config;
    }

    /** Adds the headers that each response has, an error too. Without configured origins it has none. */
    void addHeaders(HttpServerRequest request) {
        if (!config.isOn()) {
            return;
        }
        HttpServerResponse response = request.response();
        String varies = response.headers().get(HttpHeaders.VARY);
        response.putHeader(HttpHeaders.VARY, varies == null ? "Origin" : varies + ", Origin");
        allowed(request)
                .ifPresent(origin -> response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                        .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED));
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (isPreflight(request) && allowed(request).isPresent()) {
            answerPreflight(request);
        } else {
            context.next();
        }
    }

    private Optional<String> allowed(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN)).filter(config::allows);
    }

    private static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
    }

    /** Allows whatever headers are asked for: client libraries send many of their own. */
    private static void answerPreflight(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.headers().remove(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS);
        String asked = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (asked != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, asked);
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
                .setStatusCode(204)
                .end();
    }
}
