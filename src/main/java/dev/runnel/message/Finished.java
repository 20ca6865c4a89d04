package dev.runnel.message;

import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;

/**
 * A generation ended without a failure, or was cancelled by name.
 *
 * @param generationId {@code gen_…}
 * @param sequence one more than the last delta's or part's
 * @param finishReason why it ended
 * @param usage what it used
 */
public record Finished(String generationId, long sequence, FinishReason finishReason, Usage usage)
        implements NumberedMessage {

    /** The same end with another number. */
    public Finished numbered(long number) {
        return new Finished(generationId, number, finishReason, usage);
    }
}
