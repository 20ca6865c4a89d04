package dev.runnel.http.stream;

import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.memory.Holding;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * What one stream holds of the memory for clients: its text, and the event that its socket has not accepted. A stream
 * whose client reads as fast as text comes, without {@code includeText}, holds nothing. For the connection's event loop.
 */
public final class StreamMemory {

    /** More than an event needs besides text and delta, in bytes. */
    private static final int EVENT_BYTES = 256;

    private final Holding text;
    private final Holding event;

    private StreamMemory(Holding text, Holding event) {
        this.text = text;
        this.event = event;
    }

    /** @param keyId of the key that requested the stream */
    public static StreamMemory open(HeldBytes account, String keyId, HttpServerRequest request) {
        return new StreamMemory(
                account.open(Kind.TEXTS, keyId, request.connection()),
                account.open(Kind.EVENTS, keyId, request.connection()));
    }

    /** Acquires what a transcript needs for a further piece; returns the bound that refuses it. */
    Optional<Bound> acquire(Transcript transcript, EscapedText piece) {
        int grown = transcript.growthFor(piece);
        return grown == 0 ? Optional.empty() : text.resize(grown);
    }

    /**
     * Acquires what an event holds that waits for the socket.
     *
     * @param textBytes its text and its delta
     * @return the bound that refuses it
     */
    Optional<Bound> acquireEvent(int textBytes) {
        return event.resize(EVENT_BYTES + textBytes);
    }

    /** The socket has accepted the event. The transcript may have released its array with it. */
    void written(Transcript transcript) {
        event.resize(0);
        if (text.bytes() > 0) {
            text.resize(transcript.grownCapacity());
        }
    }

    /** The stream is closed. */
    void close() {
        text.close();
        event.close();
    }
}
