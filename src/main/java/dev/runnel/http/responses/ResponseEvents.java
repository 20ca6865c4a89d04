package dev.runnel.http.responses;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorType;
import dev.runnel.http.error.OpenAiError;
import dev.runnel.http.stream.CursorLine;
import dev.runnel.http.stream.StreamFormat;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The events of a response, numbered as {@link EventNumbers} has it, without those that the client has. The events
 * before the first text are in one write with it. Events after the text repeat it, so the transcript keeps it. For one
 * stream.
 */
public final class ResponseEvents implements StreamFormat {

    /** The number before that of the first event. */
    public static final long NONE = -1;
    /** The number of the last event before the text. */
    public static final long BEFORE_TEXT = EventNumbers.PART_ADDED;

    /** Not {@code : ping}, which some clients read as an end. No blank line follows, see {@code NativeFormat}. */
    private static final byte[] KEEP_ALIVE = utf8(": keep-alive\n");

    private static final byte[] DELTA_NAME = utf8("event: response.output_text.delta\n");
    private static final byte[] DELTA_NUMBER =
            utf8("data: {\"type\":\"response.output_text.delta\",\"sequence_number\":");
    private static final byte[] DELTA_END = utf8("\",\"logprobs\":[]}\n\n");

    private final ResponseObject response;
    private final boolean isResumable;
    private final long received;
    /** Where in the response the text is. */
    private final String place;

    private final byte[] beforeDelta;
    /** The events before the first text; empty once they are sent. */
    private byte[] opening;

    /**
     * Makes the events of one stream.
     *
     * @param isResumable whether text events and the last one have a cursor
     * @param received the number of the last event that the client has, or {@link #NONE}
     */
    public ResponseEvents(ResponseObject response, boolean isResumable, long received) {
        this.response = response;
        this.isResumable = isResumable;
        this.received = received;
        this.place = ",\"item_id\":\"" + response.itemId() + "\",\"output_index\":0,\"content_index\":0";
        this.beforeDelta = utf8(place + ",\"delta\":\"");
        this.opening = opening().getBytes();
    }

    private Buffer opening() {
        Buffer events = Buffer.buffer();
        if (EventNumbers.ITEM_ADDED > received) {
            String members = ",\"output_index\":0,\"item\":" + response.itemWithoutText();
            events.appendBuffer(ResponseEvent.of("output_item.added", EventNumbers.ITEM_ADDED, members, item -> {}));
        }
        if (EventNumbers.PART_ADDED > received) {
            events.appendBuffer(ResponseEvent.of(
                    "content_part.added",
                    EventNumbers.PART_ADDED,
                    place + ",\"part\":",
                    part -> ResponseObject.addPart(part, new Transcript())));
        }
        return events;
    }

    /** So that a client has the id before the first token. */
    @Override
    public Buffer head() {
        Buffer events = Buffer.buffer();
        if (EventNumbers.CREATED > received) {
            events.appendBuffer(started("created", EventNumbers.CREATED));
        }
        if (EventNumbers.IN_PROGRESS > received) {
            events.appendBuffer(started("in_progress", EventNumbers.IN_PROGRESS));
        }
        return events;
    }

    /** Two events with the object. */
    @Override
    public int headLength() {
        return EventNumbers.CREATED > received ? 2 * response.bytes() : 0;
    }

    private Buffer started(String name, long number) {
        return ResponseEvent.of(name, number, response, ResponseStatus.IN_PROGRESS, new Transcript());
    }

    @Override
    public int deltaLength(TranscriptReader reader) {
        return opening.length
                + DELTA_NAME.length
                + (isResumable ? CursorLine.length(reader) : 0)
                + DELTA_NUMBER.length
                + Long.toString(number(reader)).length()
                + beforeDelta.length
                + reader.unsentLength()
                + DELTA_END.length;
    }

    private static long number(TranscriptReader reader) {
        return EventNumbers.ofText(reader.transcript().pieces());
    }

    @Override
    public void delta(TranscriptReader reader, ByteSink event) {
        add(opening, event);
        opening = new byte[0];
        add(DELTA_NAME, event);
        if (isResumable) {
            CursorLine.add(reader, event);
        }
        add(DELTA_NUMBER, event);
        add(utf8(Long.toString(number(reader))), event);
        add(beforeDelta, event);
        reader.copyUnsentTo(event);
        reader.markSent();
        add(DELTA_END, event);
    }

    private static void add(byte[] bytes, ByteSink event) {
        event.add(bytes, 0, bytes.length);
    }

    @Override
    public int endLength(TranscriptReader reader) {
        return response.bytes() + reader.transcript().length();
    }

    @Override
    public List<Buffer> end(TranscriptReader reader, Finished finished) {
        ResponseStatus status = ResponseStatus.of(finished);
        return status.isFailure() ? List.of(failed(reader, status)) : closing(reader, status);
    }

    private List<Buffer> closing(TranscriptReader reader, ResponseStatus status) {
        Transcript text = reader.transcript();
        LateEvents events = new LateEvents();
        if (opening.length > 0) {
            Buffer before = Buffer.buffer(opening);
            events.later(() -> before);
        }
        long number = number(reader);
        later(
                events,
                ++number,
                name -> ResponseEvent.of(
                        "output_text.done",
                        name,
                        place + ",\"logprobs\":[],\"text\":",
                        done -> ResponseObject.addText(done, text)));
        later(
                events,
                ++number,
                name -> ResponseEvent.of(
                        "content_part.done", name, place + ",\"part\":", part -> ResponseObject.addPart(part, text)));
        later(
                events,
                ++number,
                name -> ResponseEvent.of(
                        "output_item.done",
                        name,
                        ",\"output_index\":0,\"item\":",
                        item -> response.addItem(item, status.itemWord(), text)));
        String cursor = isResumable ? cursor(reader) : "";
        later(
                events,
                ++number,
                name -> ResponseEvent.of(
                        status.word(), cursor, name, ",\"response\":", end -> response.addTo(end, status, text)));
        return events;
    }

    private void later(LateEvents events, long number, LongFunction<Buffer> event) {
        if (number > received) {
            events.later(() -> event.apply(number));
        }
    }

    private static String cursor(TranscriptReader reader) {
        Buffer line = Buffer.buffer();
        CursorLine.add(reader, line::appendBytes);
        return line.toString();
    }

    /** A failure of the key ends this stream alone. Any other one is that of the generation. */
    @Override
    public Buffer error(TranscriptReader reader, ErrorResponse error) {
        return error.type() == ErrorType.AUTHENTICATION
                ? ofStream(error, EventNumbers.ofFailure(reader.transcript().pieces()))
                : failed(reader, ResponseStatus.failed(error));
    }

    /** With the members that the types of client libraries have, and the one by which they notice an error. */
    private static Buffer ofStream(ErrorResponse error, long number) {
        return Buffer.buffer("event: error\ndata: {\"type\":\"error\",\"sequence_number\":" + number + ",\"code\":"
                + JsonText.quotedOrNull(OpenAiError.code(error)) + ",\"message\":" + JsonText.quoted(error.message())
                + ",\"param\":" + JsonText.quotedOrNull(error.param()) + "," + OpenAiError.member(error) + "}\n\n");
    }

    private Buffer failed(TranscriptReader reader, ResponseStatus status) {
        long number = EventNumbers.ofFailure(reader.transcript().pieces());
        return number > received
                ? ResponseEvent.of("failed", number, response, status, reader.transcript())
                : Buffer.buffer();
    }

    @Override
    public Buffer ping() {
        return Buffer.buffer(KEEP_ALIVE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
