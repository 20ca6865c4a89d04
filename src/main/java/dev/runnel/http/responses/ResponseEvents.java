package dev.runnel.http.responses;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorType;
import dev.runnel.http.error.OpenAiError;
import dev.runnel.http.stream.CursorLine;
import dev.runnel.http.stream.StreamFormat;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.PartKind;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.SharedText;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The events of a response, numbered as {@link EventNumbers} has it, without those that the client has. The events
 * before the first text are in one write with it. Events after the text repeat it, so the transcript keeps it. Calls of
 * tools are repeated too. For one stream.
 */
public final class ResponseEvents implements StreamFormat {

    /** The number before that of the first event. */
    public static final long NONE = -1;
    /** The number of the last event that is sent with the headers. */
    public static final long OF_HEAD = EventNumbers.IN_PROGRESS;

    /** Not {@code : ping}, which some clients read as an end. No blank line follows, see {@code NativeFormat}. */
    private static final byte[] KEEP_ALIVE = utf8(": keep-alive\n");

    private static final byte[] DELTA_NAME = utf8("event: response.output_text.delta\n");
    private static final byte[] DELTA_NUMBER =
            utf8("data: {\"type\":\"response.output_text.delta\",\"sequence_number\":");
    private static final byte[] DELTA_END = utf8("\",\"logprobs\":[]}\n\n");

    private final ResponseObject response;
    private final boolean isResumable;
    private final FunctionCalls calls;
    private long received;
    /** Whether the message has started, here or on an earlier connection. */
    private boolean hasMessage;
    /** What precedes the delta of a text event after its number; empty before the message starts. */
    private byte[] beforeDelta = new byte[0];

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
        this.calls = new FunctionCalls(ResponseOutput.suffix(response.id()));
    }

    @Override
    public boolean showsParts() {
        return true;
    }

    @Override
    public boolean keepsParts(PartKind kind) {
        return kind == PartKind.TOOL_CALLS;
    }

    @Override
    public void continueAt(SharedText text, long utf8Place) {
        if (utf8Place == 0) {
            return;
        }
        Parts.Reader parts = text.parts();
        for (PlacedPart part = parts.poll(); part != null && part.utf8Place() < utf8Place; part = parts.poll()) {
            calls.add(part);
        }
        received = Math.max(received, EventNumbers.last(text.piecesUpTo(utf8Place), calls.events()));
        hasMessage = true;
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
        ResponseOutput nothing = new ResponseOutput("", new Transcript(), new FunctionCalls(""));
        return ResponseEvent.of(name, number, response, ResponseStatus.IN_PROGRESS, nothing);
    }

    private ResponseOutput output(TranscriptReader reader) {
        return new ResponseOutput(ResponseOutput.suffix(response.id()), reader.transcript(), calls);
    }

    /** The events that start the message; empty once it has started. */
    private Buffer opening(ResponseOutput output) {
        Buffer events = Buffer.buffer();
        long number = EventNumbers.opened(calls.events());
        if (!hasMessage && number - 1 > received) {
            String members = ",\"output_index\":" + output.messageIndex() + ",\"item\":" + output.messageWithoutText();
            events.appendBuffer(ResponseEvent.of("output_item.added", number - 1, members, item -> {}));
        }
        if (!hasMessage && number > received) {
            events.appendBuffer(ResponseEvent.of(
                    "content_part.added",
                    number,
                    ClosingEvents.messagePlace(output) + ",\"part\":",
                    part -> ResponseOutput.addPart(part, new Transcript())));
        }
        return events;
    }

    @Override
    public int deltaLength(TranscriptReader reader) {
        int opening = hasMessage ? 0 : opening(output(reader)).length();
        return opening
                + DELTA_NAME.length
                + (isResumable ? CursorLine.length(reader) : 0)
                + DELTA_NUMBER.length
                + Long.toString(number(reader)).length()
                + beforeDelta(reader).length
                + reader.unsentLength()
                + DELTA_END.length;
    }

    private byte[] beforeDelta(TranscriptReader reader) {
        if (beforeDelta.length == 0) {
            beforeDelta = utf8(ClosingEvents.messagePlace(output(reader)) + ",\"delta\":\"");
        }
        return beforeDelta;
    }

    private long number(TranscriptReader reader) {
        return EventNumbers.last(reader.pieces(), calls.events());
    }

    @Override
    public void delta(TranscriptReader reader, ByteSink event) {
        if (!hasMessage) {
            add(opening(output(reader)).getBytes(), event);
            hasMessage = true;
        }
        add(DELTA_NAME, event);
        if (isResumable) {
            CursorLine.add(reader, event);
        }
        add(DELTA_NUMBER, event);
        add(utf8(Long.toString(number(reader))), event);
        add(beforeDelta(reader), event);
        reader.copyUnsentTo(event);
        reader.markSent();
        add(DELTA_END, event);
    }

    private static void add(byte[] bytes, ByteSink event) {
        event.add(bytes, 0, bytes.length);
    }

    /** The events of calls of tools. They have no cursor: a cursor counts text. */
    @Override
    public Buffer part(PlacedPart part) {
        Buffer events = Buffer.buffer();
        long number = EventNumbers.last(part.pieces(), calls.events());
        for (FunctionCalls.Addition addition : calls.add(part)) {
            FunctionCall call = addition.call();
            int place = call.outputIndex(part.utf8Place() > 0);
            if (addition.isNew() && ++number > received) {
                String members = ",\"output_index\":" + place + ",\"item\":" + call.itemWithoutArguments();
                events.appendBuffer(ResponseEvent.of("output_item.added", number, members, item -> {}));
            }
            if (!addition.arguments().isEmpty() && ++number > received) {
                String members = ClosingEvents.callPlace(call, place) + ",\"delta\":\"" + addition.arguments() + '"';
                events.appendBuffer(ResponseEvent.of("function_call_arguments.delta", number, members, delta -> {}));
            }
        }
        return events;
    }

    @Override
    public int endLength(TranscriptReader reader) {
        return response.bytes() + reader.transcript().length() + calls.length();
    }

    @Override
    public List<Buffer> end(TranscriptReader reader, Finished finished) {
        ResponseStatus status = ResponseStatus.of(finished);
        return status.isFailure() ? List.of(failed(reader, status)) : closing(reader, status);
    }

    private List<Buffer> closing(TranscriptReader reader, ResponseStatus status) {
        ResponseOutput output = output(reader);
        LateEvents before = new LateEvents();
        long last = number(reader);
        if (output.isEmpty()) {
            Buffer opening = opening(output);
            last = EventNumbers.opened(calls.events());
            if (opening.length() > 0) {
                before.later(() -> opening);
            }
        }
        ClosingEvents events = new ClosingEvents(before, response, output, status);
        return events.after(last, received, isResumable ? cursor(reader) : "");
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
                ? ofStream(error, number(reader) + 1)
                : failed(reader, ResponseStatus.failed(error));
    }

    /** With the members that the types of client libraries have, and the one by which they notice an error. */
    private static Buffer ofStream(ErrorResponse error, long number) {
        return Buffer.buffer("event: error\ndata: {\"type\":\"error\",\"sequence_number\":" + number + ",\"code\":"
                + JsonText.quotedOrNull(OpenAiError.code(error)) + ",\"message\":"
                + EscapedText.of(error.message()).json()
                + ",\"param\":" + JsonText.quotedOrNull(error.param()) + "," + OpenAiError.member(error) + "}\n\n");
    }

    private Buffer failed(TranscriptReader reader, ResponseStatus status) {
        long number = number(reader) + 1;
        return number > received
                ? ResponseEvent.of("failed", number, response, status, output(reader))
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
