package dev.runnel.http;

import dev.runnel.message.Finished;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The events of one stream. Each is one {@code data:} line with its blank line; the order of the fields is fixed, and the
 * text stands in them as the transcript holds it.
 */
final class EventFormat {

    /** Behind the event that carries the finish reason. */
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    /** A comment, so that proxies see life (WHATWG HTML, section 9.2.6). */
    private static final byte[] PING = ascii(": ping\n\n");

    private static final byte[] TEXT = ascii(",\"text\":\"");
    private static final byte[] TEXT_END = ascii("\"");
    private static final byte[] DELTA = ascii(",\"delta\":\"");
    private static final byte[] DELTA_END = ascii("\"}\n\n");

    private final byte[] head;
    private final boolean includeText;

    /**
     * Makes the events of one generation.
     *
     * @param id needs no escaping
     */
    EventFormat(String id, boolean includeText) {
        this.head = ascii("data: {\"id\":\"" + id + "\"");
        this.includeText = includeText;
    }

    /** All that the client was not sent yet, and by the way the whole. Takes it as sent. */
    Buffer delta(Transcript transcript) {
        Buffer event = Buffer.buffer(head.length + 32 + textLength(transcript) + transcript.unsentLength());
        appendText(event.appendBytes(head), transcript);
        event.appendBytes(DELTA);
        transcript.copyUnsentTo(event);
        if (includeText) {
            transcript.markSent();
        } else {
            transcript.forget();
        }
        return event.appendBytes(DELTA_END);
    }

    /** The last event before {@link #done()}; its delta is empty. */
    Buffer finished(Transcript transcript, Finished finished) {
        Buffer event = Buffer.buffer(head.length + 192 + textLength(transcript));
        appendText(event.appendBytes(head), transcript);
        String end = ",\"delta\":\"\",\"finishReason\":\""
                + finished.finishReason().wireName() + "\",\"usage\":" + usage(finished.usage()) + "}\n\n";
        return event.appendBytes(ascii(end));
    }

    private int textLength(Transcript transcript) {
        return includeText ? transcript.length() : 0;
    }

    private void appendText(Buffer event, Transcript transcript) {
        if (includeText) {
            event.appendBytes(TEXT);
            transcript.copyTo(event);
            event.appendBytes(TEXT_END);
        }
    }

    static Buffer done() {
        return Buffer.buffer(DONE);
    }

    static Buffer ping() {
        return Buffer.buffer(PING);
    }

    /** {@code {"promptTokens":…}}; {@code estimated} only where it is true. */
    static String usage(Usage usage) {
        return "{\"promptTokens\":" + usage.promptTokens() + ",\"completionTokens\":" + usage.completionTokens()
                + ",\"totalTokens\":" + usage.totalTokens() + (usage.estimated() ? ",\"estimated\":true" : "") + "}";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
