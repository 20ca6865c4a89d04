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
    /** What a chunk has beside its data, in bytes at most. */
    static final int OVERHEAD_BYTES = MAX_DIGITS + LINE_ENDS;

    private record Chunk(ByteBuf buffer) implements EventFormat.Target {

        @Override
        public void add(byte[] bytes, int from, int length) {
            buffer.writeBytes(bytes, from, length);
        }
    }

    @Override
    public Future<Void> delta(EventFormat format, Transcript transcript) {
        int length = format.deltaLength(transcript);
        ByteBuf chunk = channel.buffer(OVERHEAD_BYTES + length);
        try {
            encode(format, transcript, length, chunk);
        } catch (RuntimeException | Error e) {
            chunk.release();
            throw e;
        }
        return channel.write(chunk);
    }

    /**
     * Appends the chunk.
     *
     * @param length what the format says of the transcript
     * @param chunk has room for {@link #OVERHEAD_BYTES} more
     */
    static void encode(EventFormat format, Transcript transcript, int length, ByteBuf chunk) {
        writeSize(chunk, length);
        format.delta(transcript, new Chunk(chunk));
        endLine(chunk);
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
