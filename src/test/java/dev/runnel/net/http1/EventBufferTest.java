package dev.runnel.net.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBufferTest {

    private static final int LENGTH = 150_000;

    private final EventBuffer buffer = new EventBuffer();
    private final byte[] event = new byte[LENGTH];
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    EventBufferTest() {
        for (int at = 0; at < LENGTH; at++) {
            event[at] = (byte) (at * 31);
        }
        buffer.start(LENGTH);
        buffer.add(event, 0, LENGTH);
    }

    private int take(ByteBuffer from, int start, int end, int room) {
        int length = Math.min(room - taken.size(), end - start);
        byte[] part = new byte[length];
        from.get(start, part);
        taken.writeBytes(part);
        return length;
    }

    /** What was sent, and after it what is left for another way. */
    private byte[] whole(int sent) {
        ByteBuf rest = Unpooled.buffer(LENGTH);
        buffer.copyTo(rest, sent);
        byte[] all = Arrays.copyOf(taken.toByteArray(), LENGTH);
        rest.readBytes(all, taken.size(), rest.readableBytes());
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 149_999, 150_000, 1_000_000})
    void socketAcceptsWhatItHasRoomFor(int room) {
        int sent = buffer.sendTo((from, start, end) -> take(from, start, end, room));

        assertThat(sent).isEqualTo(Math.min(room, LENGTH)).isEqualTo(taken.size());
        assertThat(whole(sent)).isEqualTo(event);
    }

    @Test
    void whatWentOutBeforeAFailureIsNotSentAgain() {
        int sent = buffer.sendTo((from, start, end) -> {
            if (taken.size() > 0) {
                throw new IOException("no buffer space available");
            }
            return take(from, start, end, LENGTH);
        });

        assertThat(sent).isEqualTo(taken.size()).isPositive();
        assertThat(whole(sent)).isEqualTo(event);
    }
}
