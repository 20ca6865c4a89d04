package dev.runnel.http.stream;

import dev.runnel.text.Transcript;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Leaves the framing to Vert.x: for HTTP/2 and HTTP/1.0, and where the answer is compressed. */
record ResponseWriter(HttpServerResponse response) implements EventWriter {

    @Override
    public Future<Void> delta(EventFormat format, Transcript transcript) {
        Buffer event = Buffer.buffer(format.deltaLength(transcript));
        format.delta(transcript, event::appendBytes);
        return response.write(event);
    }
}
