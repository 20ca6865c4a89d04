package dev.runnel.http.stream;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** The events of {@link NativeFormat}, with a {@link CursorLine} before each text event and the finishing event. */
public final class ResumableFormat implements StreamFormat {

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
        return CursorLine.length(reader) + events.deltaLength(reader);
    }

    @Override
    public void delta(TranscriptReader reader, ByteSink event) {
        CursorLine.add(reader, event);
        events.delta(reader, event);
    }

    @Override
    public List<Buffer> end(TranscriptReader reader, Finished finished) {
        List<Buffer> all = new ArrayList<>(events.end(reader, finished));
        Buffer finish = Buffer.buffer();
        CursorLine.add(reader, finish::appendBytes);
        all.set(0, finish.appendBuffer(all.get(0)));
        return all;
    }

    @Override
    public Buffer error(TranscriptReader reader, ErrorResponse error) {
        return events.error(reader, error);
    }

    @Override
    public Buffer ping() {
        return events.ping();
    }
}
