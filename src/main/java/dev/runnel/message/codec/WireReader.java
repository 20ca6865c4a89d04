package dev.runnel.message.codec;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link WireWriter} wrote. Every read stays inside the frame and allocates at most what is left of it.
 * Anything else is a {@link MalformedMessageException}.
 */
final class WireReader {

    private static final int VARINT_BITS = 7;

    private final Buffer in;
    private final int end;
    private int at;

    private WireReader(Buffer in, int at, int end) {
        this.in = in;
        this.at = at;
        this.end = end;
    }

    /** The fields of the frame that fills the buffer from {@code at} on. */
    static WireReader ofFrame(Buffer in, int at) {
        var reader = new WireReader(in, at, in.length());
        int length = reader.length();
        if (length != reader.left()) {
            throw new MalformedMessageException((reader.left() - length) + " bytes after the message (expected: 0)");
        }
        return reader;
    }

    /** The fields of a record inside of a record. */
    static WireReader of(byte[] bytes) {
        return new WireReader(Buffer.buffer(bytes), 0, bytes.length);
    }

    /** Whether there is anything left to read. */
    boolean hasMore() {
        return at < end;
    }

    private int left() {
        return end - at;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            require(1);
            byte next = in.getByte(at++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("number of more than 64 bits");
    }

    int shortNumber() {
        return toInt(number());
    }

    /** A number of at most 32 bits with its sign, from one of 64. */
    static int toInt(long value) {
        if (value != (int) value) {
            throw new MalformedMessageException("number of more than 32 bits");
        }
        return (int) value;
    }

    /** 8 bytes, the lowest first. */
    long fixed64() {
        require(Long.BYTES);
        at += Long.BYTES;
        return in.getLongLE(at - Long.BYTES);
    }

    /** 4 bytes, the lowest first. */
    int fixed32() {
        require(Integer.BYTES);
        at += Integer.BYTES;
        return in.getIntLE(at - Integer.BYTES);
    }

    byte[] bytes() {
        int length = length();
        at += length;
        return in.getBytes(at - length, at);
    }

    private int length() {
        long length = number();
        if (length < 0 || length > left()) {
            throw new MalformedMessageException("message is cut short at byte " + at);
        }
        return (int) length;
    }

    String string() {
        return string(bytes());
    }

    static String string(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException("string that is not UTF-8");
        }
    }

    private void require(int bytes) {
        if (bytes > left()) {
            throw new MalformedMessageException("message is cut short at byte " + at);
        }
    }
}
