package dev.runnel.http.stream;

import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Future;

/**
 * What time tells of one stream: whether it is silent, and whether its client takes what is written. Writes only note the
 * time; the stream's timer looks. For the connection's event loop.
 */
final class StallDetector {

    /** How often within the stall time a client that is behind is looked at. */
    private static final int LOOKS_PER_STALL = 4;

    private final StreamSettings settings;
    private final ClientChannel channel;
    private final boolean sharesConnection;

    /** Whether the last write is not taken yet. */
    private boolean behind;

    private long wroteAtNanos;
    /** How far the socket was when it was looked at last, and since when. */
    private long position;

    private long movedAtNanos;

    /** Whose fault it is that a client is behind for the stall time. */
    enum Stall {
        /** It is not. */
        NONE,
        /** The stream's, which the client does not read, while its connection may be of use to others. */
        STREAM,
        /** The connection's, of which the client took not a byte. */
        CONNECTION
    }

    /** @param sharesConnection whether the client may read other streams of the connection and not this one: HTTP/2 */
    StallDetector(StreamSettings settings, ClientChannel channel, boolean sharesConnection) {
        this.settings = settings;
        this.channel = channel;
        this.sharesConnection = sharesConnection;
    }

    /** Called when a write was handed over; {@link #taken} must follow where it is not complete. */
    void wrote(Future<Void> write) {
        wroteAtNanos = now();
        if (!write.isComplete()) {
            behind = true;
            movedAtNanos = wroteAtNanos;
            position = channel.position();
            settings.meters().fellBehind();
        }
    }

    /** All that was written is taken, or nothing will be any more. */
    void taken() {
        if (behind) {
            behind = false;
            settings.meters().caughtUp();
        }
    }

    /** How long nothing has to be looked at, in nanoseconds. */
    long untilNextLook() {
        long stall = settings.stall().toNanos();
        if (behind) {
            long untilStall = wroteAtNanos + stall - now();
            return Math.min(stall / LOOKS_PER_STALL, untilStall > 0 ? untilStall : movedAtNanos + stall - now());
        }
        long heartbeat = settings.heartbeat().toNanos();
        return heartbeat == 0 ? stall : Math.min(stall, wroteAtNanos + heartbeat - now());
    }

    boolean isSilent() {
        long heartbeat = settings.heartbeat().toNanos();
        return heartbeat > 0 && now() - wroteAtNanos >= heartbeat;
    }

    /**
     * Looks at a client that may be behind. Where other streams share the connection this one is stalled when its event is not
     * taken as a whole; while it looks as if the connection were, that is waited for first.
     */
    Stall look() {
        if (!behind) {
            return Stall.NONE;
        }
        long before = position;
        position = channel.position();
        boolean moves = position != before || position == ClientChannel.ALL_TAKEN;
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
