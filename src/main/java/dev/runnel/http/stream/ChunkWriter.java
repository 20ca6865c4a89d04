package dev.runnel.http.stream;

import dev.runnel.net.http1.ClientChannel;
import dev.runnel.net.http1.EventBuffer;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes one write of an event and of its chunk (RFC 9112, section 7.1), and hands it to the socket. The general path,
 * through the encoder of HTTP messages, needs four buffers, four promises and twice the time.
 *
 * @param buffer the event loop's
 */
public record ChunkWriter(ClientChannel channel, EventBuffer buffer) implements EventWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int BITS_PER_DIGIT = 4;
    private static final int MAX_DIGITS = Integer.SIZE / BITS_PER_DIGIT;
    /** One line end after the size and one after the data, in bytes. */
    private static final int LINE_ENDS = 4;
    /** What a chunk has besides its data, in bytes at most. */
    private static final int OVERHEAD_BYTES = MAX_DIGITS + LINE_ENDS;

    @Override
    public Future<Void> delta(StreamFormat format, TranscriptReader reader) {
        encode(format, reader, buffer);
        return channel.write(buffer);
    }

    @Override
    public Future<Void> event(Buffer event) {
        byte[] bytes = event.getBytes();
        buffer.start(OVERHEAD_BYTES + bytes.length);
        addSize(buffer, bytes.length);
        buffer.add(bytes, 0, bytes.length);
        endLine(buffer);
        return channel.write(buffer);
    }

    /** Replaces the content of the buffer by the chunk. */
    public static void encode(StreamFormat format, TranscriptReader reader, EventBuffer chunk) {
        int length = format.deltaLength(reader);
        chunk.start(OVERHEAD_BYTES + length);
        addSize(chunk, length);
        format.delta(reader, chunk);
        endLine(chunk);
    }

    private static void addSize(EventBuffer chunk, int size) {
        int digits = Math.max(1, MAX_DIGITS - Integer.numberOfLeadingZeros(size) / BITS_PER_DIGIT);
        for (int shift = (digits - 1) * BITS_PER_DIGIT; shift >= 0; shift -= BITS_PER_DIGIT) {
            chunk.add(HEX[size >>> shift & HEX.length - 1]);
        }
        endLine(chunk);
    }

    private static void endLine(EventBuffer chunk) {
        chunk.add((byte) '\r');
        chunk.add((byte) '\n');
    }
}
