package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.net.http1.ReadBuffer;

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

    ParseBuffers(JsonFactory json, Api api, int maxEventBytes) {
        this.json = json;
        this.parser = new ChatEventParser(json, api, maxEventBytes);
        // A whole answer, or all events of one read.
        this.text = new BoundedBytes(maxEventBytes + ContentDecoder.LIMIT_BYTES);
    }
}
