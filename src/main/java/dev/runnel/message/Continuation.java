package dev.runnel.message;

import dev.runnel.text.TextSoFar;

/**
 * What a {@link Submit} says about a generation that goes on with another generator.
 *
 * @param generationId {@code gen_…}, which it keeps; empty for a new generation
 * @param epoch how often it was continued, this time included; 0 for a new generation
 * @param sequence the number of its next message
 * @param textSoFar what its consumer has of the text
 */
public record Continuation(String generationId, int epoch, long sequence, TextSoFar textSoFar) {

    /** A new generation. */
    public static final Continuation NONE = new Continuation("", 0, 0, TextSoFar.NONE);

    /** Whether it is of a generation that exists. */
    public boolean isPresent() {
        return !generationId.isEmpty();
    }
}
