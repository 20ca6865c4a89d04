package dev.runnel.http.error;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** Ends a response with its body, or, to {@code HEAD}, with the length of that: Vert.x (5.0.12) looks only over HTTP/1. */
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
