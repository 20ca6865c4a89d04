package dev.runnel.http.openai;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.RequestField;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import java.util.List;

/** Failures that these routes report in another way than {@code /v1/generate}. */
public final class OpenAiFailure {

    private static final String TOO_LONG = "context_length_exceeded";

    /** The name of {@link FormatMember#NAME} in the refusals of engines. */
    private static final String FORMAT = RequestField.RESPONSE_FORMAT.wireName();

    private static final String THINKING = RequestField.THINKING.wireName();

    private static final String SCHEMA = FORMAT + ".schema";

    private OpenAiFailure() {}

    /**
     * A prompt that does not fit the model has a code here, which also stands in the message: clients look for it. An
     * engine's refusal of a format names the member of these routes. The choice of a tool and of thinking have a code.
     */
    public static Throwable of(Throwable thrown) {
        return of(thrown, FormatMember.NAME, ".json_schema.schema");
    }

    /**
     * The same where the format has another name.
     *
     * @param format the member of the body
     * @param schema the place of the schema in it
     */
    public static Throwable of(Throwable thrown, String format, String schema) {
        if (!(thrown instanceof GenerationException generation)) {
            return thrown;
        }
        Failure failure = generation.failure();
        if (failure.code() == FailureCode.CONTEXT_EXCEEDED) {
            return new RefusedException(
                    ErrorResponse.invalid(failure.param(), failure.message() + " (" + TOO_LONG + ")", TOO_LONG));
        }
        for (String member : List.of(ToolMembers.CHOICE, THINKING)) {
            if (failure.code() == FailureCode.INVALID_REQUEST && member.equals(failure.param())) {
                return new RefusedException(ErrorResponse.invalid(member, failure.message(), MemberReader.UNSUPPORTED));
            }
        }
        boolean isOfFormat = failure.code() == FailureCode.INVALID_REQUEST && FORMAT.equals(failure.param());
        return isOfFormat ? new RefusedException(ofFormat(failure.message(), format, schema)) : thrown;
    }

    private static ErrorResponse ofFormat(String message, String format, String schema) {
        String unsupported = FORMAT + ": '" + FormatMember.NAME + "' of type ";
        if (message.startsWith(unsupported)) {
            // Some client libraries look for these very words, without a name before them.
            return ErrorResponse.invalid(format, message.substring(FORMAT.length() + 2), MemberReader.UNSUPPORTED);
        }
        String named = message;
        if (message.startsWith(SCHEMA)) {
            named = format + schema + message.substring(SCHEMA.length());
        } else if (message.startsWith(FORMAT)) {
            named = format + message.substring(FORMAT.length());
        }
        return ErrorResponse.invalid(format, named);
    }

    /** The generation was cancelled by name. */
    public static ErrorResponse cancelled() {
        return ErrorResponse.conflict(
                "cancelled", "generation: was cancelled by DELETE; send the request again to start a new one", 0);
    }
}
