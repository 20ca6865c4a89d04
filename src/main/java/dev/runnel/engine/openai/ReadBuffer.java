package dev.runnel.engine.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * Has all connections of one event loop read into the same buffer, as long as nobody keeps it: what was read is copied at once
 * by {@link ChunkedBody}, so the memory stays in the processor's cache, and nothing is allocated for a read. Whoever reads
 * while another one's bytes are kept (by the decoder, say, of a head that has not come whole) gets a buffer of its own.
 */
final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

    private final ByteBuf buffer;

    /** @param capacity what is read at once, in bytes at most */
    ReadBuffer(int capacity) {
        this.buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(capacity));
    }

    /** For connections of the event loop. */
    @Override
    public MaxMessageHandle newHandle() {
        return new MaxMessageHandle() {

            @Override
            public ByteBuf allocate(ByteBufAllocator others) {
                return buffer.refCnt() == 1 ? buffer.clear().retain() : others.ioBuffer(guess());
            }

            @Override
            public int guess() {
                return buffer.capacity();
            }
        };
    }
}
