package dev.runnel.http.connection;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Ends a response with its body; for {@code HEAD} with the body's length only. Vert.x (5.0.12) distinguishes {@code
 * HEAD} over HTTP/1 only.
 */
public final class HeadAwareResponse {

    private HeadAwareResponse() {}

    public static Future<Void> end(HttpServerRequest request, Buffer body) {
        return request.version() == HttpVersion.HTTP_2 && request.method().equals(HttpMethod.HEAD)
                ? request.response()
                        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                        .end()
                : request.response().end(body);
    }
}
