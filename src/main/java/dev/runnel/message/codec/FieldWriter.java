package dev.runnel.message.codec;

import dev.runnel.text.TokenIds;
import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends numbered fields in the wire form of Protocol Buffers, version 3. A value that equals the type's default (0,
 * false, empty) is left out. An optional field is left out only where it is {@code null}.
 */
final class FieldWriter {

    private final Buffer buffer = Buffer.buffer();
    private final WireWriter out = new WireWriter(buffer);

    private FieldWriter() {}

    /** The fields of one record. */
    static <R> byte[] bytes(R message, BiConsumer<FieldWriter, R> write) {
        var fields = new FieldWriter();
        write.accept(fields, message);
        return fields.buffer.getBytes();
    }

    FieldWriter string(int field, String value) {
        return value.isEmpty() ? this : optionalString(field, value);
    }

    FieldWriter number(int field, long value) {
        return value == 0 ? this : optionalNumber(field, value);
    }

    FieldWriter flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    <E extends Enum<E>> FieldWriter constant(int field, ConstantNumbers<E> numbers, E value) {
        return number(field, numbers.numberOf(value));
    }

    FieldWriter optionalString(int field, @Nullable String value) {
        return value == null ? this : bytes(field, WireWriter.utf8(value));
    }

    FieldWriter optionalNumber(int field, @Nullable Long value) {
        if (value != null) {
            start(field, WireType.VARINT);
            out.number(value);
        }
        return this;
    }

    FieldWriter optionalReal(int field, @Nullable Double value) {
        if (value != null) {
            start(field, WireType.FIXED64);
            out.real(value);
        }
        return this;
    }

    FieldWriter strings(int field, Iterable<String> values) {
        values.forEach(value -> bytes(field, WireWriter.utf8(value)));
        return this;
    }

    /** Packed, as Protocol Buffers write repeated numbers. */
    FieldWriter numbers(int field, TokenIds values) {
        if (!values.isEmpty()) {
            Buffer packed = Buffer.buffer();
            WireWriter all = new WireWriter(packed);
            values.asList().forEach(all::number);
            bytes(field, packed.getBytes());
        }
        return this;
    }

    <R> FieldWriter record(int field, R value, BiConsumer<FieldWriter, R> write) {
        return bytes(field, bytes(value, write));
    }

    <R> FieldWriter records(int field, Iterable<R> values, BiConsumer<FieldWriter, R> write) {
        values.forEach(value -> record(field, value, write));
        return this;
    }

    private FieldWriter bytes(int field, byte[] value) {
        start(field, WireType.BYTES);
        out.bytes(value);
        return this;
    }

    private void start(int field, int wireType) {
        out.number(((long) field << WireType.BITS) | wireType);
    }
}
