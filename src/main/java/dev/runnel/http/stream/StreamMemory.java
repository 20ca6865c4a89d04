package dev.runnel.http.stream;

import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.memory.Holding;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import java.util.Optional;

/**
 * What one stream holds of the memory for clients: its text, the parts that wait, and the event that its socket has not
 * accepted. The account changes in portions: when the array of the text grows, and with an event that is larger than
 * any before. A stream whose client reads as fast as text comes, without {@code includeText}, holds nothing. For the
 * connection's event loop.
 */
public final class StreamMemory {

    /** More than most events need besides text and delta, in bytes. A first chunk of a chat needs 600 at most. */
    private static final int EVENT_BYTES = 256;
    /** An event of this size is not counted, as is nothing else that every connection needs. */
    private static final int UNCOUNTED_BYTES = 1024;
    /** As much stays acquired for the next event, so that the account does not change with each event. */
    private static final int KEPT_BYTES = 16 * 1024;

    private final Holding text;
    private final Holding event;
    private final Holding parts;

    private StreamMemory(Holding text, Holding event, Holding parts) {
        this.text = text;
        this.event = event;
        this.parts = parts;
    }

    /**
     * Opens the memory of a stream that holds nothing.
     *
     * @param keyId of the key that requested the stream
     * @param connection any object that identifies the connection
     */
    public static StreamMemory open(HeldBytes account, String keyId, Object connection) {
        return new StreamMemory(
                new Holding(account, Kind.TEXTS, keyId, connection),
                new Holding(account, Kind.EVENTS, keyId, connection),
                new Holding(account, Kind.TEXTS, keyId, connection));
    }

    /** Acquires what a transcript needs for a further piece; returns the bound that refuses it. */
    Optional<Bound> acquire(Transcript transcript, EscapedText piece) {
        int grown = transcript.growthFor(piece);
        return grown == 0 ? Optional.empty() : text.resize(grown);
    }

    /**
     * Acquires what an event holds that waits for the socket, and a quarter more for the next one.
     *
     * @param textBytes its text and its delta
     * @return the bound that refuses it
     */
    Optional<Bound> acquireEvent(int textBytes) {
        long needed = EVENT_BYTES + (long) textBytes;
        return needed <= Math.max(UNCOUNTED_BYTES, event.bytes())
                ? Optional.empty()
                : event.resize(needed + needed / 4);
    }

    /**
     * Acquires what the parts hold that are not sent yet. Without any, all of it is given back.
     *
     * @return the bound that refuses it
     */
    Optional<Bound> acquireParts(int bytes) {
        if (bytes == 0) {
            return parts.bytes() == 0 ? Optional.empty() : parts.resize(0);
        }
        return bytes <= Math.max(UNCOUNTED_BYTES, parts.bytes()) ? Optional.empty() : parts.resize(2L * bytes);
    }

    /** The socket has accepted the event. The transcript may have released its array with it. */
    void written(Transcript transcript) {
        if (event.bytes() > KEPT_BYTES) {
            event.resize(0);
        }
        if (text.bytes() > 0) {
            text.resize(transcript.grownCapacity());
        }
    }

    /** The stream is closed. */
    void close() {
        text.close();
        event.close();
        parts.close();
    }
}
