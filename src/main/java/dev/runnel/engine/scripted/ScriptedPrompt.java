package dev.runnel.engine.scripted;

import dev.runnel.engine.PreparedPrompt;
import java.util.List;

/**
 * A prompt and the text that is generated for it.
 *
 * @param maxTokens tokens to generate at most, 1 or more
 * @param piecesSoFar of the text that another run has generated
 */
record ScriptedPrompt(
        List<String> pieces, List<String> stop, int promptTokens, int maxTokens, int cells, PiecesSoFar piecesSoFar)
        implements PreparedPrompt {}
