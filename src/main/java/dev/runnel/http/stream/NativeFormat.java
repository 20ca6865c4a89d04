package dev.runnel.http.stream;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.TranscriptReader;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The events of {@code /v1/generate/stream}. Each event is one {@code data:} line and a blank line. The order of the
 * fields is fixed. The text is copied as the transcript holds it.
 */
public final class NativeFormat implements StreamFormat {

    /** Follows the event that carries the finish reason. */
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    /**
     * A comment (WHATWG HTML, section 9.2.6), so that proxies do not close a silent connection. No blank line follows:
     * after an {@code id:} line some decoders make an empty event of it.
     */
    private static final byte[] PING = ascii(": ping\n");

    private static final byte[] TEXT_END = ascii("\"");
    private static final byte[] DELTA = ascii(",\"delta\":\"");
    private static final byte[] DELTA_AFTER_TEXT = ascii("\",\"delta\":\"");
    private static final byte[] DELTA_END = ascii("\"}\n\n");
    /** More than the finish reason and the usage need, in bytes. */
    private static final int END_BYTES = 192;

    /** What precedes the text, or the delta where events do not carry the text. */
    private final byte[] prefix;

    private final boolean includeText;
    private final boolean keepsText;

    /**
     * Makes the events of one generation.
     *
     * @param id of the generation; needs no escaping
     * @param includeText whether each event repeats the whole text; else the transcript discards what was sent
     */
    public NativeFormat(String id, boolean includeText) {
        this(id, includeText, false);
    }

    /** @param keepsText whether the transcript keeps what was sent, although events do not repeat it */
    NativeFormat(String id, boolean includeText, boolean keepsText) {
        this.keepsText = keepsText;
        this.prefix = ascii("data: {\"id\":\"" + id + (includeText ? "\",\"text\":\"" : "\""));
        this.includeText = includeText;
    }

    /** Empty: the headers alone precede the first token. */
    @Override
    public Buffer head() {
        return Buffer.buffer();
    }

    @Override
    public int deltaLength(TranscriptReader reader) {
        int text = includeText ? reader.transcript().length() + DELTA_AFTER_TEXT.length : DELTA.length;
        return prefix.length + text + reader.unsentLength() + DELTA_END.length;
    }

    @Override
    public void delta(TranscriptReader reader, ByteSink event) {
        event.add(prefix, 0, prefix.length);
        if (includeText) {
            reader.transcript().copyTo(event);
            event.add(DELTA_AFTER_TEXT, 0, DELTA_AFTER_TEXT.length);
            reader.copyUnsentTo(event);
            reader.markSent();
        } else {
            event.add(DELTA, 0, DELTA.length);
            reader.copyUnsentTo(event);
            reader.markSent();
            if (!keepsText) {
                reader.discardSent();
            }
        }
        event.add(DELTA_END, 0, DELTA_END.length);
    }

    /** The event with the finish reason, whose delta is empty, and {@code [DONE]}. */
    @Override
    public List<Buffer> end(TranscriptReader reader, Finished finished) {
        Buffer event =
                Buffer.buffer(prefix.length + END_BYTES + reader.transcript().length());
        event.appendBytes(prefix);
        if (includeText) {
            reader.transcript().copyTo(event::appendBytes);
            event.appendBytes(TEXT_END);
        }
        String end = ",\"delta\":\"\",\"finishReason\":\""
                + finished.finishReason().wireName() + "\",\"usage\":" + usage(finished.usage()) + "}\n\n";
        return List.of(event.appendBytes(ascii(end)), Buffer.buffer(DONE));
    }

    @Override
    public Buffer error(TranscriptReader reader, ErrorResponse error) {
        return error.event();
    }

    @Override
    public Buffer ping() {
        return Buffer.buffer(PING);
    }

    /** {@code {"promptTokens":…}}; the field {@code estimated} is present only where it is true. */
    public static String usage(Usage usage) {
        return "{\"promptTokens\":" + usage.promptTokens() + ",\"completionTokens\":" + usage.completionTokens()
                + ",\"totalTokens\":" + usage.totalTokens() + (usage.estimated() ? ",\"estimated\":true" : "") + "}";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
