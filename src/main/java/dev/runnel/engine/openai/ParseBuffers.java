package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.net.http1.ReadBuffer;
import io.vertx.core.buffer.Buffer;

/**
 * The buffers and the parser that all streams of one event loop share. Each read ends before the next one starts, so a
 * stream at rest holds no buffers.
 */
final class ParseBuffers {

    static final int READ_BYTES = 16 * 1024;

    final ReadBuffer connections = new ReadBuffer(READ_BYTES);
    final byte[] read = new byte[READ_BYTES];
    final BoundedBytes text;
    final ChatEvent event = new ChatEvent();
    final ChatEventParser parser;
    final JsonFactory json;

    /** @param readsCalls whether calls of tools are read */
    ParseBuffers(JsonFactory json, Api api, boolean readsCalls, int maxEventBytes) {
        this.json = json;
        this.parser = new ChatEventParser(json, api, readsCalls, maxEventBytes);
        // A whole answer, or all events of one read.
        this.text = new BoundedBytes(maxEventBytes + ContentDecoder.LIMIT_BYTES);
    }

    /** Accepts bytes of an array that the next read overwrites. */
    interface Bytes {
        void read(byte[] bytes, int from, int end);
    }

    /** Copies a buffer in parts, and gives each part to a reader. */
    void copy(Buffer buffer, Bytes reader) {
        for (int from = 0; from < buffer.length(); from += read.length) {
            int end = Math.min(from + read.length, buffer.length());
            buffer.getBytes(from, end, read, 0);
            reader.read(read, 0, end - from);
        }
    }
}
