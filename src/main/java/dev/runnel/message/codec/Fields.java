package dev.runnel.message.codec;

import dev.runnel.text.TokenIds;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The numbered fields of one record, as {@link FieldWriter} wrote them. A missing field has its default. A field of an
 * unknown number is skipped: a newer node wrote it. Of a field that stands twice the last value counts.
 */
final class Fields {

    private static final Buffer NO_BYTES = Buffer.buffer();

    private final List<Field> fields;

    /** One field: {@code bits} for the types of a fixed length and varints, else {@code bytes}. */
    private record Field(int number, int type, long bits, Buffer bytes) {}

    private Fields(List<Field> fields) {
        this.fields = fields;
    }

    /** Reads to the end. */
    static Fields read(WireReader in) {
        List<Field> fields = new ArrayList<>();
        while (in.hasMore()) {
            fields.add(field(in));
        }
        return new Fields(fields);
    }

    private static Field field(WireReader in) {
        int tag = in.shortNumber();
        int number = tag >>> WireType.BITS;
        int type = tag & ((1 << WireType.BITS) - 1);
        if (number == 0) {
            throw new MalformedMessageException("field number: 0 (expected: 1 or more)");
        }
        return switch (type) {
            case WireType.VARINT -> new Field(number, type, in.number(), NO_BYTES);
            case WireType.FIXED64 -> new Field(number, type, in.fixed64(), NO_BYTES);
            case WireType.FIXED32 -> new Field(number, type, in.fixed32(), NO_BYTES);
            case WireType.BYTES -> new Field(number, type, 0, Buffer.buffer(in.bytes()));
            default ->
                throw new MalformedMessageException(
                        "type of field " + number + ": " + type + " (expected: 0, 1, 2 or 5)");
        };
    }

    String string(int number) {
        return Optional.ofNullable(optionalString(number)).orElse("");
    }

    long number(int number) {
        return Optional.ofNullable(optionalNumber(number)).orElse(0L);
    }

    int shortNumber(int number) {
        return WireReader.toInt(number(number));
    }

    /**
     * A number in a range from 0.
     *
     * @param name of the field, for the message
     * @param most the largest value
     */
    int shortNumber(int number, String name, int most) {
        long value = number(number);
        if (value < 0 || value > most) {
            throw new MalformedMessageException(name + ": " + value + " (expected: 0 … " + most + ")");
        }
        return (int) value;
    }

    boolean flag(int number) {
        return number(number) != 0;
    }

    <E extends Enum<E>> E constant(int number, ConstantNumbers<E> numbers) {
        return numbers.constantOf(number(number));
    }

    @Nullable
    String optionalString(int number) {
        return last(number, WireType.BYTES)
                .map(field -> WireReader.string(field.bytes().getBytes()))
                .orElse(null);
    }

    @Nullable
    Long optionalNumber(int number) {
        return last(number, WireType.VARINT).map(Field::bits).orElse(null);
    }

    @Nullable
    Double optionalReal(int number) {
        return last(number, WireType.FIXED64)
                .map(field -> Double.longBitsToDouble(field.bits()))
                .orElse(null);
    }

    List<String> strings(int number) {
        return all(number, WireType.BYTES)
                .map(field -> WireReader.string(field.bytes().getBytes()))
                .toList();
    }

    /** Packed numbers of at most 32 bits. */
    TokenIds numbers(int number) {
        List<Integer> values = new ArrayList<>();
        all(number, WireType.BYTES).forEach(field -> {
            WireReader packed = WireReader.of(field.bytes().getBytes());
            while (packed.hasMore()) {
                values.add(packed.shortNumber());
            }
        });
        return TokenIds.of(values);
    }

    <R> R record(int number, Function<Fields, R> read) {
        Buffer bytes = last(number, WireType.BYTES).map(Field::bytes).orElse(NO_BYTES);
        return read.apply(read(WireReader.of(bytes.getBytes())));
    }

    <R> List<R> records(int number, Function<Fields, R> read) {
        return all(number, WireType.BYTES)
                .map(field -> read.apply(read(WireReader.of(field.bytes().getBytes()))))
                .toList();
    }

    private Optional<Field> last(int number, int type) {
        return all(number, type).reduce((first, second) -> second);
    }

    private Stream<Field> all(int number, int type) {
        return fields.stream().filter(field -> field.number() == number).peek(field -> require(field, type));
    }

    private static void require(Field field, int type) {
        if (field.type() != type) {
            throw new MalformedMessageException(
                    "type of field " + field.number() + ": " + field.type() + " (expected: " + type + ")");
        }
    }
}
