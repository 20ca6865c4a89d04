package dev.runnel.http.request;

import dev.runnel.text.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, checked against every rule that needs no model.
 *
 * @param maxTokens what the client said, or the default
 * @param maxTokensIsDefault whether the client left it out
 * @param model the name that the client gave, or {@code null}
 * @param includeText whether each event repeats the whole text
 */
public record GenerateRequest(
        String prompt,
        int maxTokens,
        boolean maxTokensIsDefault,
        Sampling sampling,
        @Nullable String model,
        boolean includeText) {

    /** Leaves the prompt out: it never reaches a log. */
    @Override
    public String toString() {
        return "GenerateRequest[" + prompt.length() + " chars, maxTokens=" + maxTokens + ", " + sampling + ", model="
                + model + ", includeText=" + includeText + "]";
    }
}
