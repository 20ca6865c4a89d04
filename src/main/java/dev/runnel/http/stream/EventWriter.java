package dev.runnel.http.stream;

import dev.runnel.text.TranscriptReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Writes a stream's events to its client. For the connection's event loop. */
sealed interface EventWriter permits ChunkWriter, ResponseWriter {

    /**
     * Writes one event with all that was not sent yet. An exception means the same as a failed future.
     *
     * @return is already complete if the socket accepted all of it. Fails if the connection is closed, or if the event
     *     could not be made or handed over, for example for lack of memory
     */
    Future<Void> delta(StreamFormat format, TranscriptReader reader);

    /** Writes one event that is made already, as {@link #delta}. */
    Future<Void> event(Buffer event);
}
