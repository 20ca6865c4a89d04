package dev.runnel.net.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * One buffer that all connections of one event loop read into. {@link ChunkedBody} copies at once what was read. So the
 * memory stays in the processor's cache, and a read allocates nothing. A connection may retain its bytes, for example
 * in the decoder of an incomplete head. Until it releases them, other connections read into buffers of their own.
 */
public final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

    private final ByteBuf buffer;

    /** @param capacity the largest read in bytes */
    public ReadBuffer(int capacity) {
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
