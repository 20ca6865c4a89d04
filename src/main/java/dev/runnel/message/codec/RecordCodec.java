package dev.runnel.message.codec;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One record on the bus. Within a process the record itself is handed over; between nodes it is a version byte and the
 * record's fields in their order.
 */
final class RecordCodec<R extends Record> implements MessageCodec<R, R> {

    static final int VERSION = 1;

    private final Class<R> type;
    private final BiConsumer<WireWriter, R> write;
    private final Function<WireReader, R> read;

    RecordCodec(Class<R> type, BiConsumer<WireWriter, R> write, Function<WireReader, R> read) {
        this.type = type;
        this.write = write;
        this.read = read;
    }

    Class<R> type() {
        return type;
    }

    @Override
    public void encodeToWire(Buffer buffer, R message) {
        write.accept(new WireWriter(buffer).octet(VERSION), message);
    }

    /** Takes all that is left of the buffer: a message's body is the last part of its frame. */
    @Override
    public R decodeFromWire(int position, Buffer buffer) {
        var reader = new WireReader(buffer, position);
        int version = reader.octet();
        if (version != VERSION) {
            throw new MalformedMessageException(
                    "version of " + type.getSimpleName() + ": " + version + " (expected: " + VERSION + ")");
        }
        R message = read.apply(reader);
        reader.end();
        return message;
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
