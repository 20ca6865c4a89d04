package dev.runnel.message.codec;

import dev.runnel.text.Surrogates;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Appends values to a buffer: whole numbers as base-128 varints, lengths before bytes. */
final class WireWriter {

    private final Buffer out;

    WireWriter(Buffer out) {
        this.out = out;
    }

    /** Appends 1 to 10 bytes: 7 bits each, the lowest first; the highest bit says that another byte follows. */
    WireWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.appendByte((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.appendByte((byte) rest);
        return this;
    }

    /** How many bytes {@link #number} appends. */
    static int numberLength(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** Appends 8 bytes, the lowest first, as Protocol Buffers have them. */
    WireWriter real(double value) {
        out.appendLongLE(Double.doubleToRawLongBits(value));
        return this;
    }

    /** Appends the length and the bytes. */
    WireWriter bytes(byte[] value) {
        number(value.length);
        out.appendBytes(value);
        return this;
    }

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException if it has a lone surrogate, which UTF-8 cannot express
     */
    static byte[] utf8(String value) {
        if (Surrogates.hasUnpaired(value)) {
            throw new IllegalArgumentException("string with a lone surrogate (expected: whole code points)");
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
