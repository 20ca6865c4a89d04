package dev.runnel.http.stream;

import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** The headers of a stream. */
final class StreamHeaders {

    private StreamHeaders() {}

    /**
     * Sends the headers now, before the first token.
     *
     * @param head the event that is sent with them, or empty
     * @return completes when the socket accepted them
     */
    static Future<Void> write(HttpServerRequest request, String generationId, Buffer head) {
        HttpServerResponse response = request.response()
                .putHeader("X-Generation-Id", generationId)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no")
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
