package dev.runnel.net.http1;

import dev.runnel.text.ByteSink;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the events of one event loop's streams are put together, one at a time, and from where sockets take them. It is
 * the same memory for every event: it stays in the processor's cache, and nothing is allocated, counted and freed for
 * an event that the socket takes at once. For one event loop.
 */
public final class EventBuffer implements ByteSink {

    /** What is kept between events; the memory of a larger one is given back with the next. */
    private static final int KEPT_BYTES = 64 * 1024;

    /** A copy of a part of the event, where the kernel can read it. */
    private final ByteBuffer offered = ByteBuffer.allocateDirect(KEPT_BYTES);

    private final byte[] kept = new byte[KEPT_BYTES];
    private byte[] bytes = kept;
    private int length;

    /** Begins an event of at most {@code capacity} bytes; what was in it is gone. */
    public void begin(int capacity) {
        bytes = capacity <= KEPT_BYTES ? kept : new byte[capacity];
        length = 0;
    }

    public void add(byte next) {
        bytes[length++] = next;
    }

    @Override
    public void add(byte[] from, int start, int count) {
        System.arraycopy(from, start, bytes, length, count);
        length += count;
    }

    public int length() {
        return length;
    }

    /** Where bytes go: {@link io.netty.channel.unix.Socket#send}. */
    @FunctionalInterface
    interface Outlet {

        /** Takes as many of the bytes between two indexes as it has room for, and says how many. */
        int send(ByteBuffer from, int start, int end) throws IOException;
    }

    /**
     * Has the socket take as much of the event as it has room for, and as it works.
     *
     * @return how many bytes that were; where the socket is broken that shows again with the next bytes
     */
    int sendTo(Outlet socket) {
        int sent = 0;
        while (sent < length) {
            int part = Math.min(length - sent, KEPT_BYTES);
            offered.put(0, bytes, sent, part);
            int taken = taken(socket, part);
            sent += taken;
            if (taken < part) {
                break;
            }
        }
        return sent;
    }

    /** What went out before the failure must not go out again. */
    private int taken(Outlet socket, int part) {
        try {
            return socket.send(offered, 0, part);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Appends the event without its first {@code skipped} bytes. */
    void copyTo(ByteBuf target, int skipped) {
        target.writeBytes(bytes, skipped, length - skipped);
    }
}
