package dev.runnel.message;

import dev.runnel.text.Failure;

/**
 * A generation failed; or, as the answer to a {@link Submit}, was refused: then the id is empty and the sequence 0.
 *
 * @param sequence one more than the last delta's
 */
public record Failed(String generationId, long sequence, Failure failure) implements InboxMessage {}
