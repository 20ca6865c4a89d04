package dev.runnel.model;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the values of a GGUF file from its start on. A value that would end after the end of the file is refused before
 * memory is allocated for it.
 */
final class GgufInput implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long position;

    private GgufInput(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    static GgufInput open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new GgufInput(channel, channel.size());
    }

    /** The size of the file. */
    long size() {
        return size;
    }

    /** The bytes read or skipped so far. */
    long position() {
        return position;
    }

    long u32(String field) throws IOException {
        return integer(Integer.BYTES, false, field);
    }

    /** Refuses what a {@code long} cannot hold. */
    long u64(String field) throws IOException {
        long value = integer(Long.BYTES, true, field);
        if (value < 0) {
            throw new GgufException(field, Long.toUnsignedString(value), "at most " + Long.MAX_VALUE);
        }
        return value;
    }

    /** An integer of 1, 2, 4 or 8 bytes. */
    long integer(int bytes, boolean isSigned, String field) throws IOException {
        advance(bytes, field);
        fill(bytes);
        long value = switch (bytes) {
            case Long.BYTES -> buffer.getLong();
            case Integer.BYTES -> buffer.getInt();
            case Short.BYTES -> buffer.getShort();
            default -> buffer.get();
        };
        int unused = Long.SIZE - bytes * Byte.SIZE;
        return isSigned ? value : value << unused >>> unused;
    }

    byte[] bytes(int count, String field) throws IOException {
        advance(count, field);
        byte[] bytes = new byte[count];
        for (int done = 0; done < count; ) {
            int piece = Math.min(count - done, BUFFER_BYTES);
            fill(piece);
            buffer.get(bytes, done, piece);
            done += piece;
        }
        return bytes;
    }

    void skip(long count, String field) throws IOException {
        advance(count, field);
        if (count <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) count);
        } else {
            buffer.position(0).limit(0);
            channel.position(position);
        }
    }

    /** Refuses this many bytes if the file has fewer after this place. */
    void need(long count, String field) throws GgufException {
        if (count > size - position) {
            throw new GgufException(
                    field,
                    count + " bytes at byte " + position,
                    "at most " + (size - position) + ", the rest of the file");
        }
    }

    private void advance(long count, String field) throws GgufException {
        need(count, field);
        position += count;
    }

    private void fill(int count) throws IOException {
        if (buffer.remaining() >= count) {
            return;
        }
        buffer.compact();
        while (buffer.position() < count) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
