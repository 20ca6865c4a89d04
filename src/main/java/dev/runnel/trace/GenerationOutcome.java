package dev.runnel.trace;

import dev.runnel.text.Usage;
import org.jspecify.annotations.Nullable;

/**
 * How a generation ended.
 *
 * @param finishReason the word, or {@code null} where it failed
 * @param errorType what kind of failure, or {@code null} where it did not fail
 * @param firstTokenMillis from leaving the queue to the first token; negative if there was none
 */
public record GenerationOutcome(
        Usage usage,
        @Nullable String finishReason,
        @Nullable String errorType,
        long queueMillis,
        long firstTokenMillis) {}
