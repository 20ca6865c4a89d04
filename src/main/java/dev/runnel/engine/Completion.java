package dev.runnel.engine;

import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;

/** How a generation ended, and what it used. */
public record Completion(FinishReason finishReason, Usage usage) {}
