package dev.runnel.http.stream;

import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Future;

/**
 * Notes the times of one stream: whether the stream is silent, and whether its client accepts what is written. Writes
 * only note the time; the stream's timer checks. For the connection's event loop.
 */
final class StallDetector {

    /** How often within the stall time a client that lags is checked. */
    private static final int CHECKS_PER_STALL = 4;

    private final StreamSettings settings;
    private final ClientChannel channel;
    private final boolean sharesConnection;

    /** Whether the socket has not accepted all of the last write yet. */
    private boolean lagging;

    private long wroteAtNanos;
    /** The socket's position at the last check, and since when it has been there. */
    private long position;

    private long movedAtNanos;

    /** What has accepted nothing for the stall time. */
    enum Stall {
        /** Nothing is stalled. */
        NONE,
        /** The stream: the client does not read it, but may read others of the same connection. */
        STREAM,
        /** The connection: the client has not accepted one byte. */
        CONNECTION
    }

    /** @param sharesConnection whether the client may read other streams of the connection and not this one: HTTP/2 */
    StallDetector(StreamSettings settings, ClientChannel channel, boolean sharesConnection) {
        this.settings = settings;
        this.channel = channel;
        this.sharesConnection = sharesConnection;
    }

    /** Called after each write. If the write is not complete, {@link #caughtUp} must follow. */
    void wrote(Future<Void> write) {
        wroteAtNanos = now();
        if (!write.isComplete()) {
            lagging = true;
            movedAtNanos = wroteAtNanos;
            position = channel.position();
            settings.meters().fellBehind();
        }
    }

    /** The socket has accepted all that was written, or the stream is closed. */
    void caughtUp() {
        if (lagging) {
            lagging = false;
            settings.meters().caughtUp();
        }
    }

    /** The time until the next check, in nanoseconds, 1 or more. */
    long untilNextCheck() {
        return Math.max(1, untilDue());
    }

    private long untilDue() {
        long stall = settings.stall().toNanos();
        if (lagging) {
            long untilStall = wroteAtNanos + stall - now();
            return Math.min(stall / CHECKS_PER_STALL, untilStall > 0 ? untilStall : movedAtNanos + stall - now());
        }
        long heartbeat = settings.heartbeat().toNanos();
        return heartbeat == 0 ? stall : Math.min(stall, wroteAtNanos + heartbeat - now());
    }

    boolean isSilent() {
        long heartbeat = settings.heartbeat().toNanos();
        return heartbeat > 0 && now() - wroteAtNanos >= heartbeat;
    }

    /**
     * Checks a client that may lag. Where other streams share the connection, this stream is stalled if its event is
     * not accepted as a whole. If the connection itself seems to be stalled, that is waited for first.
     */
    Stall check() {
        if (!lagging) {
            return Stall.NONE;
        }
        long before = position;
        position = channel.position();
        boolean moves = position != before || position == ClientChannel.ALL_ACCEPTED;
        if (position != before) {
            movedAtNanos = now();
        }
        if (sharesConnection && moves) {
            return lastsTheStallTime(wroteAtNanos) ? Stall.STREAM : Stall.NONE;
        }
        return lastsTheStallTime(movedAtNanos) ? Stall.CONNECTION : Stall.NONE;
    }

    private boolean lastsTheStallTime(long sinceNanos) {
        return now() - sinceNanos >= settings.stall().toNanos();
    }

    private long now() {
        return settings.nanoTime().getAsLong();
    }
}
