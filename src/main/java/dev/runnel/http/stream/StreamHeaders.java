package dev.runnel.http.stream;

import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** The headers of a stream. */
final class StreamHeaders {

    // Optimized: hashed and encoded once, not for each stream.
    private static final CharSequence GENERATION_ID = HttpHeaders.createOptimized("X-Generation-Id");
    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("Cache-Control");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache, no-transform");
    private static final CharSequence ACCEL_BUFFERING = HttpHeaders.createOptimized("X-Accel-Buffering");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");

    private StreamHeaders() {}

    /**
     * Sends the headers now, before the first token.
     *
     * @param head the event that is sent with them, or empty
     * @return completes when the socket accepted them
     */
    static Future<Void> write(HttpServerRequest request, String generationId, Buffer head) {
        HttpServerResponse response = request.response()
                .putHeader(GENERATION_ID, generationId)
                .putHeader(CONTENT_TYPE, EVENT_STREAM)
                .putHeader(CACHE_CONTROL, NO_CACHE)
                .putHeader(ACCEL_BUFFERING, NO)
                .setChunked(true);
        if (request.version() == HttpVersion.HTTP_1_0) {
            return writeWithoutChunks(request, head);
        }
        return head.length() == 0 ? response.writeHead() : response.write(head);
    }

    /** HTTP/1.0 has no chunks: the end of the connection is the end of the body. */
    private static Future<Void> writeWithoutChunks(HttpServerRequest request, Buffer head) {
        HttpServerResponse response = request.response();
        ClientChannel.of(request.connection()).announceEnd();
        response.headersEndHandler(last -> response.putHeader("Connection", "close"));
        return response.write(head);
    }
}
