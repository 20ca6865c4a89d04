package dev.runnel.http.responses;

import dev.runnel.http.openai.OpenAiFailure;

/** Failures with the names of the members of {@code /v1/responses}. */
public final class ResponsesFailure {

    private ResponsesFailure() {}

    /** As {@link OpenAiFailure#of(Throwable)}. */
    public static Throwable of(Throwable thrown) {
        return OpenAiFailure.of(thrown, TextMember.FORMAT, ".schema");
    }
}
