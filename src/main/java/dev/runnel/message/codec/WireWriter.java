package dev.runnel.message.codec;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Surrogates;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Appends values to a frame: whole numbers as base-128 varints, lengths before bytes, enums by name, so that their order may
 * change.
 */
final class WireWriter {

    private final Buffer out;

    WireWriter(Buffer out) {
        this.out = out;
    }

    WireWriter octet(int value) {
        out.appendByte((byte) value);
        return this;
    }

    WireWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    WireWriter constant(Enum<?> value) {
        return string(value.name());
    }

    WireWriter number(int value) {
        return number(Integer.toUnsignedLong(value));
    }

    WireWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octet((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    WireWriter real(double value) {
        out.appendDouble(value);
        return this;
    }

    WireWriter string(String value) {
        if (Surrogates.hasUnpaired(value)) {
            throw new IllegalArgumentException("string with a lone surrogate (expected: whole code points)");
        }
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    WireWriter bytes(byte[] value) {
        number(value.length);
        out.appendBytes(value);
        return this;
    }

    WireWriter text(EscapedText text) {
        byte[] escaped = new byte[text.escapedLength()];
        text.copyTo(escaped, 0);
        return number(text.utf8Length()).bytes(escaped);
    }

    WireWriter optionalString(@Nullable String value) {
        flag(value != null);
        return value == null ? this : string(value);
    }

    WireWriter optionalReal(@Nullable Double value) {
        flag(value != null);
        return value == null ? this : real(value);
    }

    WireWriter optionalNumber(@Nullable Long value) {
        flag(value != null);
        return value == null ? this : number(value.longValue());
    }
}
