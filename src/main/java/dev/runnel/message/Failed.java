package dev.runnel.message;

import dev.runnel.text.Failure;

/**
 * A generation failed. As the answer to a {@link Submit} it is a refusal: then the id is empty and the sequence 0.
 *
 * @param generationId {@code gen_…}, or empty
 * @param sequence one more than the last delta's or part's
 * @param failure why
 * @param epoch which run of the generation sent it
 */
public record Failed(String generationId, long sequence, Failure failure, int epoch) implements NumberedMessage {

    /**
     * A refusal, or of a generation's first run.
     *
     * @param generationId {@code gen_…}, or empty
     * @param sequence one more than the last delta's or part's
     * @param failure why
     */
    public Failed(String generationId, long sequence, Failure failure) {
        this(generationId, sequence, failure, 0);
    }
}
