package dev.runnel.text;

/**
 * What a generation used, in the engine's tokens.
 *
 * @param promptTokens tokens of the prompt, the template's included
 * @param completionTokens tokens generated
 * @param estimated whether an upstream did not tell and deltas were counted in place of tokens
 */
public record Usage(int promptTokens, int completionTokens, boolean estimated) {

    public static final Usage NONE = new Usage(0, 0, false);

    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
