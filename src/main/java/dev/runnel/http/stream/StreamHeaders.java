package dev.runnel.http.stream;

import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** What stands in front of a stream's events. */
final class StreamHeaders {

    private StreamHeaders() {}

    /** Sends it now, before there is an event; completes when the socket took it. */
    static Future<Void> write(HttpServerRequest request, String generationId) {
        HttpServerResponse response = request.response()
                .putHeader("X-Generation-Id", generationId)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true);
        return request.version() == HttpVersion.HTTP_1_0 ? writeWithoutChunks(request) : response.writeHead();
    }

    /** HTTP/1.0 knows no chunks: the end of the connection is the end of the body. */
    private static Future<Void> writeWithoutChunks(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        ClientChannel.of(request.connection()).announceEnd();
        response.headersEndHandler(last -> response.putHeader("Connection", "close"));
        return response.write(Buffer.buffer());
    }
}
