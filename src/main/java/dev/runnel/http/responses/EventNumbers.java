package dev.runnel.http.responses;

import dev.runnel.message.Finished;
import dev.runnel.text.FinishReason;
import dev.runnel.text.SharedText;
import io.vertx.core.AsyncResult;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code sequence_number}s of the events of a response. They follow from the pieces of its text and from its end
 * alone, so they are the same on every connection:
 *
 * <pre>
 *   0, 1          response.created, response.in_progress
 *   2, 3          response.output_item.added, response.content_part.added, before the first text
 *   4 … 3 + n     the n pieces of the text; an event with several has the last one's number
 *   4 + n … 7 + n response.output_text.done, .content_part.done, .output_item.done, and the end
 *   4 + n         response.failed instead of these; 2 if there was no text
 * </pre>
 */
public final class EventNumbers {

    static final int CREATED = 0;
    static final int IN_PROGRESS = 1;
    static final int ITEM_ADDED = 2;
    static final int PART_ADDED = 3;
    /** How many events follow the text if the generation has not failed. */
    static final int CLOSINGS = 4;

    private EventNumbers() {}

    /** Of the event that ends with the last of so many pieces. */
    static long ofText(int pieces) {
        return (long) PART_ADDED + pieces;
    }

    /** Of {@code response.failed}. */
    static long ofFailure(int pieces) {
        return pieces == 0 ? ITEM_ADDED : ofText(pieces) + 1;
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
        if (lastNumber > last(pieces, outcome)) {
            return OptionalLong.empty();
        }
        int received = (int) Math.max(0, Math.min(pieces, lastNumber - PART_ADDED));
        return OptionalLong.of(text.pieceEnd(received));
    }

    private static long last(int pieces, Optional<AsyncResult<Finished>> outcome) {
        if (outcome.isEmpty()) {
            return pieces == 0 ? IN_PROGRESS : ofText(pieces);
        }
        return isFailure(outcome.get()) ? ofFailure(pieces) : ofText(pieces) + CLOSINGS;
    }

    private static boolean isFailure(AsyncResult<Finished> outcome) {
        return outcome.failed() || outcome.result().finishReason() == FinishReason.CANCELLED;
    }
}
