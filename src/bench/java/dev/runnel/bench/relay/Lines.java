package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Finds the lines of a text, however it is cut. Copies only those that are cut. For one thread. */
final class Lines implements Chunks.Sink {

    private final Chunks.Sink line;
    private final ByteBuf rest = Unpooled.buffer();

    /** @param line receives lines without their ends */
    Lines(Chunks.Sink line) {
        this.line = line;
    }

    @Override
    public void take(ByteBuf bytes, int from, int end) {
        int at = from;
        for (int lineEnd = bytes.indexOf(at, end, (byte) '\n'); lineEnd >= 0; ) {
            pass(bytes, at, lineEnd);
            at = lineEnd + 1;
            lineEnd = at < end ? bytes.indexOf(at, end, (byte) '\n') : -1;
        }
        rest.writeBytes(bytes, at, end - at);
    }

    private void pass(ByteBuf bytes, int from, int end) {
        if (!rest.isReadable()) {
            line.take(bytes, from, end);
            return;
        }
        rest.writeBytes(bytes, from, end - from);
        line.take(rest, 0, rest.writerIndex());
        rest.clear();
    }
}
