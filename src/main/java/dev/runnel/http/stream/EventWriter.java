package dev.runnel.http.stream;

import dev.runnel.text.Transcript;
import io.vertx.core.Future;

/** The way of a stream's events to its client. For the connection's event loop. */
sealed interface EventWriter permits ChunkWriter, ResponseWriter {

    /**
     * Writes one event with all that the client was not sent yet. What it throws means the same as a future that fails.
     *
     * @return is complete already where the socket took all of it; fails where the connection is gone, or the event could not
     *     be made or handed over, for want of memory say
     */
    Future<Void> delta(EventFormat format, Transcript transcript);
}
