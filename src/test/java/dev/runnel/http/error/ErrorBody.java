package dev.runnel.http.error;

/** What clients of OpenAI-compatible routes receive for a refusal, for tests of other rooms. */
public final class ErrorBody {

    private ErrorBody() {}

    /** The body in JSON. */
    public static String openAi(RefusedException refused) {
        return OpenAiError.json(refused.answer()).toString();
    }
}
