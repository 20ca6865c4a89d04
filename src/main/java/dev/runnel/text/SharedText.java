package dev.runnel.text;

import dev.runnel.text.EscapedCut.Place;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The text of one generation, escaped and in UTF-8, for any number of readers on any threads. One thread appends. A
 * reader sees a prefix of the text, and its {@code Transcript} reads that prefix without a copy: bytes that were
 * published never change.
 */
public final class SharedText {

    private static final int FIRST_CAPACITY = 256;
    /**
     * Bytes of UTF-8 between two marks, at least. A look-up reads less than twice as many, in less than a millisecond.
     * Without marks it ran for 13 to 100 ms in a text of 3 MiB, in code of C1.
     */
    static final int MARK_DISTANCE = 16 * 1024;

    /** What readers see. Each append publishes a new one. */
    private volatile Extent extent;

    /** Makes a text whose pieces are not kept. */
    public SharedText() {
        this(false);
    }

    /** @param keepsPieces whether it keeps where each piece ends */
    public SharedText(boolean keepsPieces) {
        PieceEnds pieces = keepsPieces ? PieceEnds.start() : PieceEnds.NONE;
        extent = new Extent(new byte[FIRST_CAPACITY], 0, 0, Mark.START, pieces);
    }

    /** What is not text. */
    private final Parts parts = new Parts();

    private final Parts.Reader firstPart = parts.reader();

    /** A place at which a look-up may start. */
    private record Mark(Place place, @Nullable Mark previous) {

        static final Mark START = new Mark(Place.START, null);
    }

    /** A prefix of the text. Bytes of the array from {@code length} on may change. */
    static final class Extent {

        private final byte[] escaped;
        private final int length;
        private final long utf8Length;
        private final Mark lastMark;
        private final PieceEnds pieces;

        private Extent(byte[] escaped, int length, long utf8Length, Mark lastMark, PieceEnds pieces) {
            this.escaped = escaped;
            this.length = length;
            this.utf8Length = utf8Length;
            this.lastMark = lastMark;
            this.pieces = pieces;
        }

        byte[] escaped() {
            return escaped;
        }

        /** In escaped bytes. */
        int length() {
            return length;
        }

        /** In bytes of UTF-8 before escaping. */
        long utf8Length() {
            return utf8Length;
        }

        /** How many pieces it has; 0 where they are not kept. */
        int pieces() {
            return pieces.count();
        }

        int capacity() {
            return escaped.length + pieces.bytes();
        }
    }

    /** The {@link #capacity} with one more piece of text; 0 if it does not change. */
    public int growthFor(EscapedText text) {
        if (text.isEmpty()) {
            return 0;
        }
        Extent before = extent;
        int bytes = arrayFor(before, text) + before.pieces.bytesForOneMore();
        return bytes > before.capacity() ? bytes + parts.capacity() : 0;
    }

    /** The {@link #capacity} with one more part of this value; 0 if it does not change. */
    public int growthFor(String json) {
        int grown = parts.growthFor(json);
        return grown == 0 ? 0 : grown + extent.capacity();
    }

    /** The length of the array that a further piece needs. */
    private static int arrayFor(Extent before, EscapedText text) {
        int needed = before.length() + text.escapedLength();
        int present = before.escaped().length;
        return needed > present ? Math.max(needed, present * 2) : present;
    }

    /** Appends a piece. An empty one changes nothing. For one thread. */
    public void append(EscapedText text) {
        if (text.isEmpty()) {
            return;
        }
        Extent before = extent;
        byte[] escaped = before.escaped();
        int needed = arrayFor(before, text);
        if (needed > escaped.length) {
            escaped = Arrays.copyOf(escaped, needed);
        }
        int length = text.copyTo(escaped, before.length());
        Place end = new Place(length, before.utf8Length() + text.utf8Length());
        boolean isSmall = text.utf8Length() < MARK_DISTANCE;
        PieceEnds pieces = before.pieces.areKept() ? before.pieces.with(end.utf8()) : before.pieces;
        extent = new Extent(escaped, length, end.utf8(), mark(before.lastMark, escaped, end, isSmall), pieces);
    }

    /** Appends what is not text, at the end of the text so far. For the thread that appends. */
    public void append(PartKind kind, String json) {
        Extent before = extent;
        parts.append(new PlacedPart(kind, json, before.length(), before.utf8Length(), before.pieces()));
    }

    /**
     * Reads what is not text, from the first part on. A reader looks at the text first: no part that it sees later
     * precedes what it has seen of the text.
     */
    public Parts.Reader parts() {
        return firstPart.copy();
    }

    /** Adds a mark at the end of a small piece, and several within a large one, which is read once more for that. */
    private static Mark mark(Mark before, byte[] escaped, Place end, boolean isSmall) {
        Mark last = before;
        while (end.utf8() - last.place().utf8() >= MARK_DISTANCE) {
            long next = last.place().utf8() + MARK_DISTANCE;
            Place place = isSmall ? end : EscapedCut.advance(escaped, end.escaped(), last.place(), next);
            last = new Mark(place, last);
        }
        return last;
    }

    /** Frees what the text does not need, after the last append. For the thread that appends. */
    public void trim() {
        parts.trim();
        Extent before = extent;
        PieceEnds pieces = before.pieces.trimmed();
        if (before.length() < before.escaped().length || pieces.bytes() < before.pieces.bytes()) {
            byte[] exact = Arrays.copyOf(before.escaped(), before.length());
            extent = new Extent(exact, before.length(), before.utf8Length(), before.lastMark, pieces);
        }
    }

    /** The memory that the text uses, the ends of its pieces, and what is not text, in bytes. */
    public int capacity() {
        return extent.capacity() + parts.capacity();
    }

    /** How many pieces were appended; 0 where they are not kept. */
    public int pieces() {
        return extent.pieces();
    }

    /**
     * Where the last of the first pieces ends, in bytes of UTF-8 before escaping.
     *
     * @param pieces 0 … {@link #pieces()}
     */
    public long pieceEnd(int pieces) {
        return extent.pieces.end(pieces);
    }

    /**
     * How many pieces end at a place or before it; 0 where they are not kept.
     *
     * @param utf8Place in bytes of UTF-8 before escaping
     */
    public int piecesUpTo(long utf8Place) {
        return extent.pieces.countUpTo(utf8Place);
    }

    /** The length in bytes of UTF-8 before escaping. */
    public long utf8Length() {
        return extent.utf8Length();
    }

    /**
     * The place in the escaped form of a byte of the text.
     *
     * @param utf8Position how many bytes of UTF-8 precede the place, 0 or more
     * @return how many escaped bytes precede it; empty beyond the text and inside a code point
     */
    public OptionalInt escapedPosition(long utf8Position) {
        Extent seen = extent;
        if (utf8Position == seen.utf8Length()) {
            return OptionalInt.of(seen.length());
        }
        return utf8Position > seen.utf8Length()
                ? OptionalInt.empty()
                : EscapedCut.find(seen.escaped(), seen.length(), placeBefore(seen, utf8Position), utf8Position);
    }

    /** Where the look-up of a position starts to read. */
    Place placeBefore(long utf8Position) {
        return placeBefore(extent, utf8Position);
    }

    private static Place placeBefore(Extent seen, long utf8Position) {
        Mark mark = seen.lastMark;
        while (mark.place().utf8() > utf8Position && mark.previous() != null) {
            mark = mark.previous();
        }
        return mark.place();
    }

    Extent extent() {
        return extent;
    }

    /** The text as it is now, unescaped. Costs a decoding: not for the way to the client. */
    public String decoded() {
        Extent seen = extent;
        return EscapedText.restored(Arrays.copyOf(seen.escaped(), seen.length()), Math.toIntExact(seen.utf8Length()))
                .toString();
    }
}
