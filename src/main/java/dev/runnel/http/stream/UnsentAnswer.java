package dev.runnel.http.stream;

import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.message.Delta;
import dev.runnel.message.Part;
import dev.runnel.metric.StreamMeters;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.SharedText;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of one answer was not sent to one client yet: its text, and what is not text, in their order. The transcript has
 * the text of a plain generation, and shows the shared text of a resumable one. For the connection's event loop.
 */
final class UnsentAnswer {

    private final StreamMemory memory;
    private final StreamMeters meters;
    private final Transcript transcript = new Transcript();
    private final TranscriptReader reader = new TranscriptReader(transcript);
    /** The text of a resumable generation; {@code null} for a plain one. */
    private @Nullable SharedText shared;
    /** What is not text; {@code null} where the format shows none. */
    private @Nullable UnsentParts parts;
    /** Deltas in the transcript that no event carries yet. */
    private int deltas;
    /** Text and delta of the last event, in bytes. */
    private int writtenBytes;

    UnsentAnswer(StreamMemory memory, StreamMeters meters) {
        this.memory = memory;
        this.meters = meters;
    }

    /** Called before anything arrives. */
    void showParts(StreamFormat format) {
        parts = format.showsParts() ? new UnsentParts(reader, memory, format) : null;
    }

    boolean showsParts() {
        return parts != null;
    }

    /** Adds text; returns the bound of memory that refuses it. */
    Optional<Bound> add(Delta delta) {
        Optional<Bound> refusal = memory.acquire(transcript, delta.text());
        if (refusal.isEmpty()) {
            transcript.append(delta.text());
            deltas++;
        }
        return refusal;
    }

    /** Adds what is not text; returns the bound of memory that refuses it. */
    Optional<Bound> add(Part part) {
        return parts == null ? Optional.empty() : parts.add(part);
    }

    /** Reads a shared text from the client's place on. */
    void read(ResumedReader resumed) {
        SharedText text = resumed.attachment().text();
        shared = text;
        reader.startAt(resumed.escapedPosition(), resumed.utf8Position());
        if (parts != null) {
            parts.readFrom(text, resumed.utf8Position());
        }
    }

    /** There may be more of the shared text; returns whether there is anything to send. */
    boolean advance() {
        showAll();
        if (reader.hasUnsent()) {
            deltas++;
        }
        return hasNext();
    }

    /** Shows all of a shared text. */
    void showAll() {
        if (shared != null) {
            transcript.show(shared);
            if (parts != null) {
                parts.stopAtNext();
            }
        }
    }

    /** Whether there is anything to send now. */
    boolean hasNext() {
        return reader.hasUnsent() || (parts != null && parts.isDue());
    }

    /** Writes the next event: all text up to the next part, or that part. */
    Future<Void> writeNext(StreamFormat format, EventWriter writer) {
        return reader.hasUnsent() || parts == null ? writeText(format, writer) : writePart(format, writer, parts);
    }

    private Future<Void> writeText(StreamFormat format, EventWriter writer) {
        if (deltas > 1) {
            meters.folded(deltas - 1);
        }
        deltas = 0;
        int delta = reader.unsentLength();
        Future<Void> write = writer.delta(format, reader);
        // After the write the transcript is empty, unless events repeat it.
        writtenBytes = delta + transcript.length();
        return write;
    }

    private Future<Void> writePart(StreamFormat format, EventWriter writer, UnsentParts waiting) {
        PlacedPart part = waiting.poll();
        Buffer event = part == null ? Buffer.buffer() : format.part(part);
        writtenBytes = event.length();
        return event.length() == 0 ? Future.succeededFuture() : writer.event(event);
    }

    /** What the last event has of the answer, in bytes. */
    int writtenBytes() {
        return writtenBytes;
    }

    /** The socket has accepted the last event. */
    void written() {
        memory.written(transcript);
    }

    /** Of the text. */
    TranscriptReader reader() {
        return reader;
    }
}
