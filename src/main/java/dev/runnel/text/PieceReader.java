package dev.runnel.text;

import dev.runnel.text.EscapedCut.Place;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link SharedText} in pieces for messages, and what is not text in its place among them. For the thread that
 * appends.
 */
public final class PieceReader {

    private final SharedText text;
    private final Parts.Reader parts;
    private Place place = Place.START;

    /** Makes a reader at the start of a text. */
    public PieceReader(SharedText text) {
        this.text = text;
        this.parts = text.parts();
    }

    /**
     * Reads the next text before the next part.
     *
     * @param bytes the length at most, in bytes of UTF-8; up to 3 more, so that it has whole code points
     * @return empty at the end of what is there, and where a part is next
     */
    public EscapedText text(int bytes) {
        SharedText.Extent seen = text.extent();
        PlacedPart part = parts.peek();
        int end = part == null ? seen.length() : (int) Math.min(part.escapedPlace(), seen.length());
        Place from = place;
        if (from.escaped() >= end) {
            return EscapedText.EMPTY;
        }
        place = EscapedCut.advance(seen.escaped(), end, from, from.utf8() + bytes);
        byte[] escaped = Arrays.copyOfRange(seen.escaped(), from.escaped(), place.escaped());
        return EscapedText.restored(escaped, (int) (place.utf8() - from.utf8()));
    }

    /** Reads the next part; {@code null} where text is next, and at the end of what is there. */
    public @Nullable PlacedPart part() {
        PlacedPart next = parts.peek();
        return next != null && next.escapedPlace() <= place.escaped() ? parts.poll() : null;
    }
}
