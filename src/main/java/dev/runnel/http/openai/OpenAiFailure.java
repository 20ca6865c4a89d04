package dev.runnel.http.openai;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;

/** Failures that these routes report in another way than {@code /v1/generate}. */
public final class OpenAiFailure {

    private static final String TOO_LONG = "context_length_exceeded";

    private OpenAiFailure() {}

    /** A prompt that does not fit the model has a code here, which also stands in the message: clients look for it. */
    public static Throwable of(Throwable failure) {
        if (failure instanceof GenerationException generation
                && generation.failure().code() == FailureCode.CONTEXT_EXCEEDED) {
            Failure tooLong = generation.failure();
            return new RefusedException(
                    ErrorResponse.invalid(tooLong.param(), tooLong.message() + " (" + TOO_LONG + ")", TOO_LONG));
        }
        return failure;
    }

    /** The generation was cancelled by name. */
    static ErrorResponse cancelled() {
        return ErrorResponse.conflict(
                "cancelled", "generation: was cancelled by DELETE; send the request again to start a new one", 0);
    }
}
