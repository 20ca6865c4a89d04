package dev.runnel.text;

/** One reader of a {@link Transcript}: how much of it was sent to this reader. For the transcript's thread. */
public final class TranscriptReader {

    private final Transcript transcript;
    /** In escaped bytes from the first byte of the whole text. */
    private long position;

    private long utf8Position;

    /** Makes a reader that starts at the first byte of the whole text. The number of readers has no limit. */
    public TranscriptReader(Transcript transcript) {
        this.transcript = transcript;
    }

    public Transcript transcript() {
        return transcript;
    }

    public boolean hasUnsent() {
        return position < transcript.end();
    }

    /** The length of what was not sent yet, in escaped bytes. */
    public int unsentLength() {
        return (int) (transcript.end() - position);
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
        transcript.keepLast(unsentLength());
    }

    public void copyUnsentTo(ByteSink event) {
        transcript.copyLast(unsentLength(), event);
    }

    /** Marks the whole text of this moment as sent. */
    public void markSent() {
        position = transcript.end();
        utf8Position = transcript.utf8Length();
    }
}
