package dev.runnel.http.stream;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.PartKind;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.SharedText;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The events of one stream in one wire format. A stream writes each of them with one write. For one event loop. */
public interface StreamFormat {

    /** What precedes the first token. It is sent with the headers. Empty if the format has no such event. */
    Buffer head();

    /** The bytes of {@link #head}, roughly; 0 if that is small. */
    default int headLength() {
        return 0;
    }

    /** How many bytes {@link #delta} adds. */
    int deltaLength(TranscriptReader reader);

    /** Adds one event with the unsent text of the reader, and marks that text as sent. */
    void delta(TranscriptReader reader, ByteSink event);

    /** Whether it shows what is not text. Else such parts are dropped before they cost anything. */
    default boolean showsParts() {
        return false;
    }

    /** Whether the format keeps what parts of this kind have, for later events. Then it counts until the end. */
    default boolean keepsParts(PartKind kind) {
        return false;
    }

    /**
     * The stream continues in a shared text: all before a place was sent on another connection. Called before any text
     * and any part.
     *
     * @param utf8Place in bytes of UTF-8 before escaping
     */
    default void continueAt(SharedText text, long utf8Place) {
        // Most formats need nothing of what was sent.
    }

    /** The events of what is not text; empty for a kind that it does not show. */
    default Buffer part(PlacedPart part) {
        return Buffer.buffer();
    }

    /**
     * The last events of a finished generation in their order. Each is read once, when the one before it is written.
     *
     * @param reader of a transcript that was sent as a whole
     */
    List<Buffer> end(TranscriptReader reader, Finished finished);

    /**
     * The most bytes of one of the {@link #end last events}, roughly.
     *
     * @param reader as for these
     */
    default int endLength(TranscriptReader reader) {
        return reader.transcript().length();
    }

    /**
     * The last event of a failed generation.
     *
     * @param reader of a transcript that was sent as a whole
     */
    Buffer error(TranscriptReader reader, ErrorResponse error);

    /** The comment line that is sent when the stream has been silent for the heartbeat. Clients ignore it. */
    Buffer ping();
}
