package dev.runnel.http.stream;

import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.message.Part;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.SharedText;
import dev.runnel.text.TranscriptReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is not text of one answer, and was not sent to one client yet. It makes the reader of the text stop at the place
 * of the next part. So all text before a part is sent first, and no text after it. For the connection's event loop.
 */
final class UnsentParts {

    private final TranscriptReader reader;
    private final StreamMemory memory;
    private final StreamFormat format;
    /** The parts of a stream with a text of its own. */
    private final Parts own = new Parts();

    private Parts.Reader next = own.reader();
    /** What the own parts hold that wait, or that the format keeps. */
    private int ownBytes;

    UnsentParts(TranscriptReader reader, StreamMemory memory, StreamFormat format) {
        this.reader = reader;
        this.memory = memory;
        this.format = format;
    }

    /** Adds a part at the end of the text so far; returns the bound of memory that refuses it. */
    Optional<Bound> add(Part part) {
        int bytes = Parts.bytes(part.json());
        Optional<Bound> refusal = memory.acquireParts(ownBytes + bytes);
        if (refusal.isEmpty()) {
            ownBytes += bytes;
            own.append(new PlacedPart(
                    part.kind(),
                    part.json(),
                    reader.transcript().end(),
                    reader.transcript().utf8Length(),
                    reader.transcript().pieces()));
            stopAtNext();
        }
        return refusal;
    }

    /**
     * Reads the parts of a shared text. Those before a place count as sent. A part at the place itself is sent: it may
     * have been lost after the text before it.
     */
    void readFrom(SharedText text, long utf8Place) {
        format.continueAt(text, utf8Place);
        next = text.parts();
        PlacedPart first = next.peek();
        while (first != null && first.utf8Place() < utf8Place) {
            next.poll();
            first = next.peek();
        }
    }

    /** Called after the transcript shows more of a shared text, and so after what precedes a part. */
    void stopAtNext() {
        PlacedPart part = next.peek();
        if (part == null) {
            reader.stopNowhere();
        } else {
            reader.stopAt(part);
        }
    }

    /** Whether a part is the next to be sent. */
    boolean isDue() {
        return reader.isAtStop();
    }

    /** Passes the next part. */
    @Nullable
    PlacedPart poll() {
        PlacedPart part = next.poll();
        if (part != null && ownBytes > 0 && !format.keepsParts(part.kind())) {
            ownBytes -= Parts.bytes(part.json());
            memory.acquireParts(ownBytes);
        }
        stopAtNext();
        return part;
    }
}
