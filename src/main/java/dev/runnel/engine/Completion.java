package dev.runnel.engine;

import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;

/** The finish reason of a generation and its usage. */
public record Completion(FinishReason finishReason, Usage usage) {}
