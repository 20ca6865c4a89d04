package dev.runnel.http;

import io.vertx.core.Future;

/** The way of a stream's events to its client. For the connection's event loop. */
sealed interface EventWriter permits ChunkWriter, ResponseWriter {

    /**
     * Writes one event with all that the client was not sent yet.
     *
     * @return is complete already where the socket took all of it; fails where the connection is gone
     */
    Future<Void> delta(EventFormat format, Transcript transcript);
}
