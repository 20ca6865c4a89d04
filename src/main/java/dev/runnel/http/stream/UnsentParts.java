package dev.runnel.http.stream;

import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.message.Part;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.TranscriptReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is not text of one answer, and was not sent to one client yet. It makes the reader of the text stop at the place
 * of the next part. So all text before a part is sent first, and no text after it. For the connection's event loop.
 */
final class UnsentParts {

    /** What a part needs in memory besides its value, in bytes. */
    private static final int PART_BYTES = 128;

    private final TranscriptReader reader;
    private final StreamMemory memory;
    /** The parts of a stream with a text of its own. */
    private final Parts own = new Parts();

    private Parts.Reader next = own.reader();
    /** What the own parts hold that wait. */
    private int ownBytes;

    UnsentParts(TranscriptReader reader, StreamMemory memory) {
        this.reader = reader;
        this.memory = memory;
    }

    /** Adds a part at the end of the text so far; returns the bound of memory that refuses it. */
    Optional<Bound> add(Part part) {
        int bytes = size(part.json());
        Optional<Bound> refusal = memory.acquireParts(ownBytes + bytes);
        if (refusal.isEmpty()) {
            ownBytes += bytes;
            own.append(new PlacedPart(
                    part.kind(),
                    part.json(),
                    reader.transcript().end(),
                    reader.transcript().utf8Length()));
            stopAtNext();
        }
        return refusal;
    }

    private static int size(String json) {
        return PART_BYTES + 2 * json.length();
    }

    /**
     * Reads the parts of a shared text. Those before a place count as sent. A part at the place itself is sent: it may
     * have been lost after the text before it.
     */
    void readFrom(Parts.Reader shared, long utf8Place) {
        next = shared;
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
            reader.stopAt(part.escapedPlace(), part.utf8Place());
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
        if (part != null && ownBytes > 0) {
            ownBytes -= size(part.json());
            memory.acquireParts(ownBytes);
        }
        stopAtNext();
        return part;
    }
}
