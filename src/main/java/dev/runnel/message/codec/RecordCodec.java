package dev.runnel.message.codec;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The codec of one record. Within a process the record itself is handed over. Between nodes it is a frame: the length
 * of the fields in bytes as a varint, then the fields. The length shows where a message is cut short, also where its
 * last fields may be absent.
 */
final class RecordCodec<R extends Record> implements MessageCodec<R, R> {

    private final Class<R> type;
    private final BiConsumer<WireWriter, R> write;
    private final Function<WireReader, R> read;

    /**
     * A codec with a form of its own.
     *
     * @param write appends the length and the fields
     * @param read reads the fields; the reader ends where they end
     */
    RecordCodec(Class<R> type, BiConsumer<WireWriter, R> write, Function<WireReader, R> read) {
        this.type = type;
        this.write = write;
        this.read = read;
    }

    /** A codec of numbered fields, see {@link FieldWriter}. */
    static <R extends Record> RecordCodec<R> ofFields(
            Class<R> type, BiConsumer<FieldWriter, R> write, Function<Fields, R> read) {
        return new RecordCodec<>(
                type,
                (out, message) -> out.bytes(FieldWriter.bytes(message, write)),
                in -> read.apply(Fields.read(in)));
    }

    Class<R> type() {
        return type;
    }

    @Override
    public void encodeToWire(Buffer buffer, R message) {
        write.accept(new WireWriter(buffer), message);
    }

    /** Reads all that is left of the buffer: a message's body is the last part of Vert.x's own frame. */
    @Override
    public R decodeFromWire(int position, Buffer buffer) {
        return read.apply(WireReader.ofFrame(buffer, position));
    }

    @Override
    public R transform(R message) {
        return message;
    }

    @Override
    public String name() {
        return "runnel." + type.getSimpleName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
