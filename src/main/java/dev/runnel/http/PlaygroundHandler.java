package dev.runnel.http;

import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.playground.PlaygroundFile;
import dev.runnel.http.playground.PlaygroundFiles;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/**
 * Serves the playground: a page whose scripts use the API with a key that a person enters. The files need no key.
 *
 * <p>The headers confine the page (CSP level 3 and Trusted Types). It runs scripts of this service only and sends
 * requests to this service only. It is not shown in a frame, and cannot turn a string into HTML or code.
 */
final class PlaygroundHandler {

    static final String PAGE = "/";

    private static final int MAX_TAGS_CHARACTERS = 256;
    private static final String NAME = "name";
    private static final String FILE = "/playground/:" + NAME;
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private final PlaygroundFiles files = PlaygroundFiles.all();
    private final ErrorWriter errors;

    PlaygroundHandler(ErrorWriter errors) {
        this.errors = errors;
    }

    Endpoint page() {
        return Endpoint.get(PAGE, context -> answer(context.request(), files.page()));
    }

    Endpoint file() {
        return Endpoint.get(FILE, this::file);
    }

    private void file(RoutingContext context) {
        files.file(context.pathParam(NAME))
                .ifPresentOrElse(
                        file -> answer(context.request(), file),
                        () -> errors.write(context, ErrorResponse.noSuchRoute()));
    }

    private static void answer(HttpServerRequest request, PlaygroundFile file) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, file.entityTag());
        if (isKnown(request.headers(), file)) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, file.contentType());
            HeadAwareResponse.end(request, Buffer.buffer(file.content()));
        }
    }

    /** Whether the client has these bytes already (RFC 9110, section 13.1.2). A longer list of tags is left unread. */
    private static boolean isKnown(MultiMap headers, PlaygroundFile file) {
        return headers.getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .filter(tags -> tags.length() <= MAX_TAGS_CHARACTERS)
                .flatMap(tags -> Arrays.stream(tags.split(",")))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(file.entityTag()));
    }
}
