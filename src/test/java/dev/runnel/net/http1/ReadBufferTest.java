package dev.runnel.net.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class ReadBufferTest {

    private static final ByteBufAllocator OTHERS = UnpooledByteBufAllocator.DEFAULT;

    private final ReadBuffer buffers = new ReadBuffer(16);

    @Test
    void connectionsReadOneAfterTheOtherIntoTheSameMemory() {
        ByteBuf first = buffers.newHandle().allocate(OTHERS).writeByte('a');
        first.release();
        ByteBuf second = buffers.newHandle().allocate(OTHERS);

        assertThat(second).isSameAs(first);
        assertThat(second.readableBytes()).isZero();
        assertThat(second.writableBytes()).isEqualTo(16);
    }

    @Test
    void retainedBytesAreNotOverwritten() {
        ByteBuf kept = buffers.newHandle().allocate(OTHERS).writeByte('a');
        ByteBuf other = buffers.newHandle().allocate(OTHERS).writeByte('b');

        assertThat(kept.getByte(0)).isEqualTo((byte) 'a');

        other.release();
        kept.release();
        assertThat(buffers.newHandle().allocate(OTHERS)).isSameAs(kept);
    }
}
