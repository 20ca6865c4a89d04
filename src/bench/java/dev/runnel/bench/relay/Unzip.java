package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks gzip (RFC 1952; a header without options) as it comes. For one thread. */
final class Unzip implements Chunks.Sink {

    private static final int HEADER_BYTES = 10;
    private static final int PART_BYTES = 64 * 1024;

    private final Chunks.Sink sink;
    private final Inflater inflater = new Inflater(true);
    private final byte[] part = new byte[PART_BYTES];
    private int header = HEADER_BYTES;

    Unzip(Chunks.Sink sink) {
        this.sink = sink;
    }

    @Override
    public void take(ByteBuf bytes, int from, int end) {
        int skipped = Math.min(header, end - from);
        header -= skipped;
        byte[] packed = new byte[end - from - skipped];
        bytes.getBytes(from + skipped, packed);
        inflater.setInput(packed);
        try {
            for (int length = inflater.inflate(part); length > 0; length = inflater.inflate(part)) {
                sink.take(Unpooled.wrappedBuffer(part), 0, length);
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    void close() {
        inflater.end();
    }
}
