package dev.runnel.engine.openai;

import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;

/** A validated prompt, and what it should use. */
record CheckedPrompt(Prompt prompt, ExpectedUsage expected) implements PreparedPrompt {

    @Override
    public int promptTokens() {
        return expected.promptTokens();
    }

    @Override
    public int cells() {
        return 1;
    }
}
