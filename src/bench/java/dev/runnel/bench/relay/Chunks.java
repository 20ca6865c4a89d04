package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;

/** Takes a chunked body (RFC 9112, section 7.1) apart, however it is cut. For one thread. */
final class Chunks {

    private static final int HEX = 16;

    private enum At {
        SIZE,
        CONTENT,
        LINE_END,
        END
    }

    /** Takes a part of the body. */
    @FunctionalInterface
    interface Sink {
        void take(ByteBuf bytes, int from, int end);
    }

    private final Sink sink;
    private At at = At.SIZE;
    private int left;

    Chunks(Sink sink) {
        this.sink = sink;
    }

    /** Whether the last chunk has come. */
    boolean ended() {
        return at == At.END;
    }

    void feed(ByteBuf bytes) {
        while (bytes.isReadable() && at != At.END) {
            switch (at) {
                case SIZE -> size(bytes.readByte());
                case CONTENT -> content(bytes);
                default -> at = bytes.readByte() == '\n' ? At.SIZE : At.LINE_END;
            }
        }
    }

    private void size(byte letter) {
        if (letter == '\n') {
            at = left == 0 ? At.END : At.CONTENT;
        } else if (letter != '\r') {
            left = left * HEX + Character.digit(letter, HEX);
        }
    }

    private void content(ByteBuf bytes) {
        int length = Math.min(left, bytes.readableBytes());
        int from = bytes.readerIndex();
        bytes.skipBytes(length);
        left -= length;
        if (left == 0) {
            at = At.LINE_END;
        }
        sink.take(bytes, from, from + length);
    }
}
