package dev.runnel.http.stream;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The events of one stream in one wire format. A stream writes each of them with one write. For one event loop. */
public interface StreamFormat {

    /** The event before the first token. It is sent with the headers. Empty if the format has no such event. */
    Buffer head();

    /** How many bytes {@link #delta} adds. */
    int deltaLength(TranscriptReader reader);

    /** Adds one event with the unsent text of the reader, and marks that text as sent. */
    void delta(TranscriptReader reader, ByteSink event);

    /** Whether it shows what is not text. Else such parts are dropped before they cost anything. */
    default boolean showsParts() {
        return false;
    }

    /** One event of what is not text; empty for a kind that it does not show. */
    default Buffer part(PlacedPart part) {
        return Buffer.buffer();
    }

    /**
     * The last events of a finished generation in their order, one or more.
     *
     * @param reader of a transcript that was sent as a whole
     */
    List<Buffer> end(TranscriptReader reader, Finished finished);

    /** The last event of a failed generation. */
    Buffer error(ErrorResponse error);

    /** The comment line that is sent when the stream has been silent for the heartbeat. Clients ignore it. */
    Buffer ping();
}
