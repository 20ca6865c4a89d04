package dev.runnel.http.stream;

import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.Transcript;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The events of one stream. Each is one {@code data:} line with its blank line; the order of the fields is fixed, and the
 * text stands in them as the transcript holds it.
 */
public final class EventFormat {

    /** Behind the event that carries the finish reason. */
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    /** A comment, so that proxies see life (WHATWG HTML, section 9.2.6). */
    private static final byte[] PING = ascii(": ping\n\n");

    private static final byte[] TEXT_END = ascii("\"");
    private static final byte[] DELTA = ascii(",\"delta\":\"");
    private static final byte[] DELTA_BEHIND_TEXT = ascii("\",\"delta\":\"");
    private static final byte[] DELTA_END = ascii("\"}\n\n");

    /** What stands before the text, or before the delta where the text is left out. */
    private final byte[] head;

    private final boolean includeText;

    /**
     * Makes the events of one generation.
     *
     * @param id needs no escaping
     */
    public EventFormat(String id, boolean includeText) {
        this.head = ascii("data: {\"id\":\"" + id + (includeText ? "\",\"text\":\"" : "\""));
        this.includeText = includeText;
    }

    /** How many bytes {@link #delta} gives. */
    int deltaLength(Transcript transcript) {
        int text = includeText ? transcript.length() + DELTA_BEHIND_TEXT.length : DELTA.length;
        return head.length + text + transcript.unsentLength() + DELTA_END.length;
    }

    /** All that the client was not sent yet, and by the way the whole. Takes it as sent. */
    void delta(Transcript transcript, ByteSink event) {
        event.add(head, 0, head.length);
        if (includeText) {
            transcript.copyTo(event);
            event.add(DELTA_BEHIND_TEXT, 0, DELTA_BEHIND_TEXT.length);
            transcript.copyUnsentTo(event);
            transcript.markSent();
        } else {
            event.add(DELTA, 0, DELTA.length);
            transcript.copyUnsentTo(event);
            transcript.forget();
        }
        event.add(DELTA_END, 0, DELTA_END.length);
    }

    /** The last event before {@link #done()}; its delta is empty. */
    Buffer finished(Transcript transcript, Finished finished) {
        Buffer event = Buffer.buffer(head.length + 192 + transcript.length());
        event.appendBytes(head);
        if (includeText) {
            transcript.copyTo(event::appendBytes);
            event.appendBytes(TEXT_END);
        }
        String end = ",\"delta\":\"\",\"finishReason\":\""
                + finished.finishReason().wireName() + "\",\"usage\":" + usage(finished.usage()) + "}\n\n";
        return event.appendBytes(ascii(end));
    }

    static Buffer done() {
        return Buffer.buffer(DONE);
    }

    static Buffer ping() {
        return Buffer.buffer(PING);
    }

    /** {@code {"promptTokens":…}}; {@code estimated} only where it is true. */
    public static String usage(Usage usage) {
        return "{\"promptTokens\":" + usage.promptTokens() + ",\"completionTokens\":" + usage.completionTokens()
                + ",\"totalTokens\":" + usage.totalTokens() + (usage.estimated() ? ",\"estimated\":true" : "") + "}";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
