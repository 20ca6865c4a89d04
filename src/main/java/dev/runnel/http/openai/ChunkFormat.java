package dev.runnel.http.openai;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.OpenAiError;
import dev.runnel.http.stream.CursorLine;
import dev.runnel.http.stream.StreamFormat;
import dev.runnel.message.Finished;
import dev.runnel.text.ByteSink;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a stream of chunks. What all chunks have in common is encoded once, and the text is copied as the
 * transcript holds it. The chunk with the role is an event of its own. It is in one write with the first text or with
 * the finish: the first byte is the first token. For one stream.
 */
public final class ChunkFormat implements StreamFormat {

    private static final byte[] DONE = utf8("data: [DONE]\n\n");
    /** Not {@code : ping}, which some clients read as an end. No blank line follows, see {@code NativeFormat}. */
    private static final byte[] KEEP_ALIVE = utf8(": keep-alive\n");

    private static final String NOT_FINISHED = ",\"logprobs\":null,\"finish_reason\":null}]}\n\n";

    private final AnswerShape shape;
    private final boolean includesUsage;
    private final boolean isResumable;
    /** Of each chunk. */
    private final String head;

    private final byte[] beforeDelta;
    private final byte[] afterDelta;
    /** The chunk before the first text; empty once it is sent. */
    private byte[] opening;

    /**
     * Makes the events of one stream.
     *
     * @param includesUsage whether a chunk with the usage follows the finish
     * @param isResumable whether text events and the finish have a cursor
     */
    public ChunkFormat(AnswerHead answer, boolean includesUsage, boolean isResumable) {
        this.shape = answer.shape();
        this.includesUsage = includesUsage;
        this.isResumable = isResumable;
        this.head = "data: " + answer.chunk();
        this.beforeDelta = utf8(head + shape.beforeDelta());
        this.afterDelta = utf8(shape.afterDelta() + NOT_FINISHED);
        this.opening = utf8(shape.opening().isEmpty() ? "" : head + shape.opening() + NOT_FINISHED);
    }

    /** Empty: the headers alone precede the first token. */
    @Override
    public Buffer head() {
        return Buffer.buffer();
    }

    @Override
    public int deltaLength(TranscriptReader reader) {
        int cursor = isResumable ? CursorLine.length(reader) : 0;
        return opening.length + cursor + beforeDelta.length + reader.unsentLength() + afterDelta.length;
    }

    @Override
    public void delta(TranscriptReader reader, ByteSink event) {
        if (opening.length > 0) {
            event.add(opening, 0, opening.length);
            opening = new byte[0];
        }
        if (isResumable) {
            CursorLine.add(reader, event);
        }
        event.add(beforeDelta, 0, beforeDelta.length);
        reader.copyUnsentTo(event);
        reader.markSent();
        if (!isResumable) {
            reader.discardSent();
        }
        event.add(afterDelta, 0, afterDelta.length);
    }

    @Override
    public boolean showsParts() {
        return shape == AnswerShape.CHAT;
    }

    /** A chunk whose delta has the part alone. It has no cursor: a cursor counts text. */
    @Override
    public Buffer part(PlacedPart part) {
        Buffer event = Buffer.buffer();
        if (part.kind() != PartKind.UNKNOWN) {
            event.appendBytes(opening);
            opening = new byte[0];
            event.appendString(head + "{\"index\":0,\"delta\":{\"" + part.kind().wireName() + "\":" + part.json() + "}"
                    + NOT_FINISHED);
        }
        return event;
    }

    /** The finish, the usage where it was requested, and {@code [DONE]}; for a cancelled generation an error. */
    @Override
    public List<Buffer> end(TranscriptReader reader, Finished finished) {
        if (finished.finishReason() == FinishReason.CANCELLED) {
            return List.of(error(OpenAiFailure.cancelled()));
        }
        List<Buffer> events = new ArrayList<>();
        Buffer finish = Buffer.buffer().appendBytes(opening);
        opening = new byte[0];
        if (isResumable) {
            CursorLine.add(reader, finish::appendBytes);
        }
        events.add(finish.appendString(head + shape.finish() + ",\"logprobs\":null,\"finish_reason\":\""
                + AnswerShape.word(finished.finishReason()) + "\"}]}\n\n"));
        if (includesUsage) {
            events.add(Buffer.buffer(head + "],\"usage\":" + WholeAnswer.usage(finished.usage()) + "}\n\n"));
        }
        events.add(Buffer.buffer(DONE));
        return events;
    }

    @Override
    public Buffer error(ErrorResponse error) {
        return OpenAiError.event(error);
    }

    @Override
    public Buffer ping() {
        return Buffer.buffer(KEEP_ALIVE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
