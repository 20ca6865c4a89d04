package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.net.http1.ReadBuffer;

/**
 * What the streams of one event loop read with. They share it, since each read runs to its end before the next begins, and
 * so a stream at rest holds no buffers.
 */
final class ParseBuffers {

    static final int READ_BYTES = 16 * 1024;

    final ReadBuffer connections = new ReadBuffer(READ_BYTES);
    final byte[] read = new byte[READ_BYTES];
    final BoundedBytes text = new BoundedBytes(SseReader.LIMIT_BYTES);
    final ChatEvent chunk = new ChatEvent();
    final ChatEventParser parser;

    ParseBuffers(JsonFactory json, Api api) {
        this.parser = new ChatEventParser(json, api);
    }
}
