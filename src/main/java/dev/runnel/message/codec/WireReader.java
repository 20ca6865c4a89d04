package dev.runnel.message.codec;

import dev.runnel.text.EscapedText;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link WireWriter} wrote. Every read stays inside the frame and allocates at most what is left of it; anything
 * else is a {@link MalformedMessageException}.
 */
final class WireReader {

    private static final int VARINT_BITS = 7;

    private final Buffer in;
    private int at;

    WireReader(Buffer in, int at) {
        this.in = in;
        this.at = at;
    }

    int octet() {
        require(1);
        return in.getByte(at++) & 0xff;
    }

    boolean flag() {
        int value = octet();
        if (value > 1) {
            throw new MalformedMessageException("flag: " + value + " (expected: 0 or 1)");
        }
        return value == 1;
    }

    <E extends Enum<E>> E constant(E[] constants) {
        String name = string();
        for (E constant : constants) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new MalformedMessageException(
                "unknown " + constants[0].getDeclaringClass().getSimpleName());
    }

    int number() {
        long value = longNumber();
        if (value >>> Integer.SIZE != 0) {
            throw new MalformedMessageException("number of more than 32 bits");
        }
        return (int) value;
    }

    /**
     * @param name of the field, for the message where it is out of range
     * @param most the largest that may come; the smallest is 0
     */
    int number(String name, int most) {
        int value = number();
        if (value < 0 || value > most) {
            throw new MalformedMessageException(name + ": " + value + " (expected: 0 … " + most + ")");
        }
        return value;
    }

    long longNumber() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedMessageException("number of more than 64 bits");
    }

    double real() {
        require(Double.BYTES);
        double value = in.getDouble(at);
        at += Double.BYTES;
        return value;
    }

    byte[] bytes() {
        int length = number();
        require(length);
        byte[] value = in.getBytes(at, at + length);
        at += length;
        return value;
    }

    String string() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException("string that is not UTF-8");
        }
    }

    EscapedText text() {
        int utf8Length = number();
        byte[] escaped = bytes();
        if (utf8Length < 0 || utf8Length > escaped.length) {
            throw new MalformedMessageException(
                    "length of a text: " + utf8Length + " (expected: 0 … " + escaped.length + ")");
        }
        return EscapedText.restored(escaped, utf8Length);
    }

    @Nullable
    String optionalString() {
        return flag() ? string() : null;
    }

    @Nullable
    Double optionalReal() {
        return flag() ? real() : null;
    }

    @Nullable
    Long optionalNumber() {
        return flag() ? longNumber() : null;
    }

    /** Each element takes at least one byte, so that a made-up count cannot allocate more than the frame is long. */
    <T> List<T> list(Function<WireReader, T> element) {
        int count = number();
        require(count);
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(element.apply(this));
        }
        return elements;
    }

    void end() {
        if (at != in.length()) {
            throw new MalformedMessageException((in.length() - at) + " bytes behind the message (expected: 0)");
        }
    }

    private void require(int bytes) {
        if (bytes < 0 || bytes > in.length() - at) {
            throw new MalformedMessageException("message is cut short at byte " + at);
        }
    }
}
