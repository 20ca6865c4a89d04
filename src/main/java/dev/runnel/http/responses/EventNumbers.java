package dev.runnel.http.responses;

import dev.runnel.message.Finished;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.SharedText;
import io.vertx.core.AsyncResult;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code sequence_number}s of the events of a response. They follow from the pieces of its text, its calls of tools
 * and its end. So they are the same on every connection:
 *
 * <pre>
 *   0, 1          response.created, response.in_progress
 *   2, 3          response.output_item.added, response.content_part.added, before the first text
 *   4 … 3 + n     the n pieces of the text; an event with several has the last one's number
 *   4 + n … 7 + n response.output_text.done, .content_part.done, .output_item.done, and the end
 *   4 + n         response.failed instead of these; 2 if there was no text
 * </pre>
 *
 * <p>A call has one event when it starts and one for each piece of its arguments, at their places in the text. After
 * the text it has response.function_call_arguments.done and .output_item.done. These events move the numbers of all
 * later ones. An answer of calls alone has no events of a message.
 */
public final class EventNumbers {

    static final int CREATED = 0;
    static final int IN_PROGRESS = 1;

    /** Before the first text. */
    private static final int MESSAGE_OPENINGS = 2;
    /** After the text, for its message. */
    private static final int MESSAGE_CLOSINGS = 3;

    private static final int CALL_CLOSINGS = 2;

    private EventNumbers() {}

    /**
     * Of the last event so far, if a message starts with its text.
     *
     * @param pieces of the text
     * @param callEvents how many events have shown calls
     */
    static long last(int pieces, int callEvents) {
        return IN_PROGRESS + (pieces == 0 ? 0L : MESSAGE_OPENINGS + (long) pieces) + callEvents;
    }

    /** Of the last event before the text, if it starts now: the message was added, and its part. */
    static long opened(int callEvents) {
        return IN_PROGRESS + (long) MESSAGE_OPENINGS + callEvents;
    }

    /**
     * How much of the text a client has.
     *
     * @param outcome how the generation ended; read before the text
     * @param lastNumber of the last event that it received
     * @return the length in bytes of UTF-8; empty if there is no such event yet
     */
    public static OptionalLong position(SharedText text, Optional<AsyncResult<Finished>> outcome, long lastNumber) {
        int pieces = text.pieces();
        if (lastNumber > last(pieces, FunctionCalls.of("", text.parts()), outcome)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(text.pieceEnd(Math.min(pieces, piecesUpTo(text.parts(), lastNumber))));
    }

    /** How many pieces precede the next event of a client. The text may have fewer. */
    private static int piecesUpTo(Parts.Reader parts, long lastNumber) {
        FunctionCalls calls = new FunctionCalls("");
        for (PlacedPart part = parts.poll(); part != null; part = parts.poll()) {
            if (lastNumber < last(part.pieces(), calls.events())) {
                break;
            }
            int before = calls.events();
            calls.add(part);
            if (lastNumber < last(part.pieces(), calls.events())) {
                // Between the events of this part, or at its place.
                return Math.min(part.pieces(), piecesWith(lastNumber, before));
            }
        }
        return piecesWith(lastNumber, calls.events());
    }

    private static int piecesWith(long lastNumber, int callEvents) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, lastNumber - opened(callEvents)));
    }

    private static long last(int pieces, FunctionCalls calls, Optional<AsyncResult<Finished>> outcome) {
        long last = last(pieces, calls.events());
        if (outcome.isEmpty()) {
            return last;
        }
        if (isFailure(outcome.get())) {
            return last + 1;
        }
        boolean isEmpty = pieces == 0 && calls.isEmpty();
        int ofMessage = pieces == 0 && !calls.isEmpty() ? 0 : MESSAGE_CLOSINGS;
        return last + (isEmpty ? MESSAGE_OPENINGS : 0) + ofMessage + (long) CALL_CLOSINGS * calls.count() + 1;
    }

    private static boolean isFailure(AsyncResult<Finished> outcome) {
        return outcome.failed() || outcome.result().finishReason() == FinishReason.CANCELLED;
    }
}
