package dev.runnel.net.http1;

import dev.runnel.text.ByteSink;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The memory in which the events of one event loop's streams are put together, one at a time, and from which sockets
 * read them. It is the same memory for every event: it stays in the processor's cache. Nothing is allocated, counted
 * and freed for an event that the socket accepts at once. For one event loop.
 */
public final class EventBuffer implements ByteSink {

    /** What is kept between events. The memory of a larger event is released with the next event. */
    private static final int KEPT_BYTES = 64 * 1024;

    /** A copy of a part of the event, where the kernel can read it. */
    private final ByteBuffer offered = ByteBuffer.allocateDirect(KEPT_BYTES);

    private final byte[] kept = new byte[KEPT_BYTES];
    private byte[] bytes = kept;
    private int length;

    /** Starts an event of at most {@code capacity} bytes and drops the event before it. */
    public void start(int capacity) {
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

        /** Accepts as many of the bytes between two indexes as it has room for, and returns how many. */
        int send(ByteBuffer from, int start, int end) throws IOException;
    }

    /**
     * Sends as much of the event as the socket has room for.
     *
     * @return how many bytes; a broken socket fails again with the next bytes
     */
    int sendTo(Outlet socket) {
        int sent = 0;
        while (sent < length) {
            int part = Math.min(length - sent, KEPT_BYTES);
            offered.put(0, bytes, sent, part);
            int accepted = send(socket, part);
            sent += accepted;
            if (accepted < part) {
                break;
            }
        }
        return sent;
    }

    /** A failure counts as no bytes: what was sent before it must not be sent again. */
    private int send(Outlet socket, int part) {
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
