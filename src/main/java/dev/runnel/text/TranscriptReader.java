package dev.runnel.text;

/** One reader of a {@link Transcript}: how much of it was sent to this reader. For the transcript's thread. */
public final class TranscriptReader {

    private final Transcript transcript;
    /** In escaped bytes from the first byte of the whole text. */
    private long position;

    private long utf8Position;
    /** Where it stops, as {@link #position}: what is not text is sent there first. */
    private long stop = Long.MAX_VALUE;

    private long utf8Stop = Long.MAX_VALUE;
    private int stopPieces = Integer.MAX_VALUE;

    /** Makes a reader that starts at the first byte of the whole text. The number of readers has no limit. */
    public TranscriptReader(Transcript transcript) {
        this.transcript = transcript;
    }

    /**
     * Continues at a place: all before it counts as sent.
     *
     * @param escapedPosition the place in the escaped text, in bytes
     * @param utf8 the same place in bytes of UTF-8 before escaping
     */
    public void startAt(long escapedPosition, long utf8) {
        position = escapedPosition;
        utf8Position = utf8;
    }

    public Transcript transcript() {
        return transcript;
    }

    /**
     * Stops at the place of a part until the next call: what is after it does not count as unsent.
     *
     * @param part at this reader's own place or after it
     */
    public void stopAt(PlacedPart part) {
        stop = part.escapedPlace();
        utf8Stop = part.utf8Place();
        stopPieces = part.pieces();
    }

    /** Does not stop any more. */
    public void stopNowhere() {
        stop = Long.MAX_VALUE;
        utf8Stop = Long.MAX_VALUE;
        stopPieces = Integer.MAX_VALUE;
    }

    /** Whether it is where it stops, or beyond: all text before the place was sent. */
    public boolean isAtStop() {
        return position >= stop;
    }

    public boolean hasUnsent() {
        return position < unsentEnd();
    }

    /** The length of what was not sent yet, in escaped bytes. */
    public int unsentLength() {
        return (int) (unsentEnd() - position);
    }

    private long unsentEnd() {
        return Math.min(stop, transcript.end());
    }

    /** The length of the text up to the end of what was not sent yet, in bytes of UTF-8 before escaping. */
    public long utf8End() {
        return Math.min(utf8Stop, transcript.utf8Length());
    }

    /** How many pieces the text has up to the end of what was not sent yet. */
    public int pieces() {
        return Math.min(stopPieces, transcript.pieces());
    }

    /** The length of what was sent, in bytes of UTF-8 before escaping. */
    public long utf8Position() {
        return utf8Position;
    }

    /**
     * Makes the transcript discard what precedes this position. A stream whose events do not repeat the text needs no
     * more than the rest. Another reader must not be before this position.
     */
    public void discardSent() {
        transcript.keepLast((int) (transcript.end() - position));
    }

    public void copyUnsentTo(ByteSink event) {
        transcript.copy((int) (transcript.end() - position), unsentLength(), event);
    }

    /** Marks what was not sent yet as sent. */
    public void markSent() {
        utf8Position = utf8End();
        position = unsentEnd();
    }
}
