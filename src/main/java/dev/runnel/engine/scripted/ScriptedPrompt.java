package dev.runnel.engine.scripted;

import dev.runnel.engine.PreparedPrompt;
import java.util.List;

/**
 * A prompt and what will be said to it.
 *
 * @param maxTokens tokens to say at most, 1 or more
 */
record ScriptedPrompt(List<String> pieces, List<String> stop, int promptTokens, int maxTokens, int cells)
        implements PreparedPrompt {}
