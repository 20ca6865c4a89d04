package dev.runnel.engine;

import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;

/**
 * How a generation ended, and what it used.
 *
 * @param finishReason why it ended
 * @param usage in the engine's tokens
 */
public record Completion(FinishReason finishReason, Usage usage) {}
