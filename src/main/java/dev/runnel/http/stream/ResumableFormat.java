package dev.runnel.http.stream;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of {@link NativeFormat} with a cursor: the line {@code id: n} precedes the {@code data:} line of each text
 * event and of the finishing event. The number n is how many bytes of UTF-8 of the text the client has after the event.
 */
public final class ResumableFormat implements StreamFormat {

    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 19;

    private final NativeFormat events;

    /**
     * Makes the events of one generation.
     *
     * @param id of the generation; needs no escaping
     * @param includeText whether each event repeats the whole text
     */
    public ResumableFormat(String id, boolean includeText) {
        this.events = new NativeFormat(id, includeText, true);
    }

    @Override
    public Buffer head() {
        return events.head();
    }

    @Override
    public int deltaLength(TranscriptReader reader) {
        return ID.length + digits(cursor(reader)) + 1 + events.deltaLength(reader);
    }

    @Override
    public void delta(TranscriptReader reader, ByteSink event) {
        byte[] line = cursorLine(cursor(reader));
        event.add(line, 0, line.length);
        events.delta(reader, event);
    }

    @Override
    public List<Buffer> end(TranscriptReader reader, Finished finished) {
        List<Buffer> all = new ArrayList<>(events.end(reader, finished));
        all.set(0, Buffer.buffer(cursorLine(cursor(reader))).appendBuffer(all.get(0)));
        return all;
    }

    @Override
    public Buffer error(ErrorResponse error) {
        return events.error(error);
    }

    @Override
    public Buffer ping() {
        return events.ping();
    }

    /** Every event carries all text of its moment. */
    private static long cursor(TranscriptReader reader) {
        return reader.transcript().utf8Length();
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0 && digits < MAX_DIGITS; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static byte[] cursorLine(long cursor) {
        return ("id: " + cursor + '\n').getBytes(StandardCharsets.US_ASCII);
    }
}
