package dev.runnel.http.request;

import dev.runnel.text.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, validated against every rule that needs no model.
 *
 * @param maxTokens as the client sent it, or the default
 * @param maxTokensIsDefault whether the client left it out
 * @param model the name that the client sent, or {@code null}
 * @param includeText whether each event repeats the whole text
 */
public record GenerateRequest(
        String prompt,
        int maxTokens,
        boolean maxTokensIsDefault,
        Sampling sampling,
        @Nullable String model,
        boolean includeText) {

    /** Omits the prompt: it never reaches a log. */
    @Override
    public String toString() {
        return "GenerateRequest[" + prompt.length() + " chars, maxTokens=" + maxTokens + ", " + sampling + ", model="
                + model + ", includeText=" + includeText + "]";
    }
}
