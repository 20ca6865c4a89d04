package dev.runnel.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;

/**
 * Makes one buffer of an event and of the chunk that it is (RFC 9112, section 7.1), and hands it to the socket. The general
 * way, through the encoder of HTTP messages, takes four buffers, four promises and twice the time.
 */
record ChunkWriter(ClientChannel channel) implements EventWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int BITS_PER_DIGIT = 4;
    private static final int MAX_DIGITS = Integer.SIZE / BITS_PER_DIGIT;
    /** A line end behind the size and one behind the data. */
    private static final int LINE_ENDS = 4;

    @Override
    public Future<Void> delta(EventFormat format, Transcript transcript) {
        int length = format.deltaLength(transcript);
        ByteBuf chunk = channel.buffer(MAX_DIGITS + LINE_ENDS + length);
        writeSize(chunk, length);
        format.delta(transcript, chunk::writeBytes);
        endLine(chunk);
        return channel.write(chunk);
    }

    private static void writeSize(ByteBuf chunk, int size) {
        int digits = Math.max(1, MAX_DIGITS - Integer.numberOfLeadingZeros(size) / BITS_PER_DIGIT);
        for (int shift = (digits - 1) * BITS_PER_DIGIT; shift >= 0; shift -= BITS_PER_DIGIT) {
            chunk.writeByte(HEX[size >>> shift & HEX.length - 1]);
        }
        endLine(chunk);
    }

    private static void endLine(ByteBuf chunk) {
        chunk.writeByte('\r').writeByte('\n');
    }
}
