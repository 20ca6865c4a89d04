package dev.runnel.http.stream;

import dev.runnel.text.TranscriptReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Leaves the framing to Vert.x: for HTTP/2 and HTTP/1.0, for compressed responses, and for connections whose channel
 * Runnel cannot write to.
 */
record ResponseWriter(HttpServerResponse response) implements EventWriter {

    @Override
    public Future<Void> delta(StreamFormat format, TranscriptReader reader) {
        Buffer event = Buffer.buffer(format.deltaLength(reader));
        format.delta(reader, event::appendBytes);
        return response.write(event);
    }

    @Override
    public Future<Void> event(Buffer event) {
        return response.write(event);
    }
}
