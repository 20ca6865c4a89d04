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
 * @param epoch which run of the generation sent it
 */
public record Finished(String generationId, long sequence, FinishReason finishReason, Usage usage, int epoch)
        implements NumberedMessage {

    /**
     * Of a generation's first run.
     *
     * @param generationId {@code gen_…}
     * @param sequence one more than the last delta's or part's
     * @param finishReason why it ended
     * @param usage what it used
     */
    public Finished(String generationId, long sequence, FinishReason finishReason, Usage usage) {
        this(generationId, sequence, finishReason, usage, 0);
    }

    /**
     * The same end of another epoch.
     *
     * @param run the epoch
     * @return the end
     */
    public Finished withEpoch(int run) {
        return new Finished(generationId, sequence, finishReason, usage, run);
    }

    /** The same end with another number. */
    public Finished numbered(long number) {
        return new Finished(generationId, number, finishReason, usage, epoch);
    }
}
