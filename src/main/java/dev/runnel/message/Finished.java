package dev.runnel.message;

import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;

/**
 * A generation ended as it should, or was cancelled by name.
 *
 * @param sequence one more than the last delta's
 */
public record Finished(String generationId, long sequence, FinishReason finishReason, Usage usage)
        implements InboxMessage {}
