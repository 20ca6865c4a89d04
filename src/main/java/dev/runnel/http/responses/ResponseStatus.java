package dev.runnel.http.responses;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.OpenAiError;
import dev.runnel.http.openai.OpenAiFailure;
import dev.runnel.message.Finished;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Usage;
import java.util.Objects;

/**
 * How far a response is. The last three members are JSON text.
 *
 * @param word the response's {@code status}
 * @param itemWord the {@code status} of its items
 */
public record ResponseStatus(
        Phase phase, String word, String itemWord, String error, String incompleteDetails, String usage) {

    private static final String NULL = "null";
    private static final String INCOMPLETE = "incomplete";

    public static final ResponseStatus QUEUED = open("queued");
    public static final ResponseStatus IN_PROGRESS = open("in_progress");

    /** What decides which events are the last ones. */
    public enum Phase {
        OPEN,
        /** It has an answer. */
        ENDED,
        /** It failed or was cancelled: the last event of a stream is {@code response.failed}. */
        FAILED
    }

    private static ResponseStatus open(String word) {
        return new ResponseStatus(Phase.OPEN, word, "in_progress", NULL, NULL, NULL);
    }

    /** The generation has ended without a failure, or was cancelled by name. */
    public static ResponseStatus of(Finished finished) {
        String usage = usage(finished.usage());
        return switch (finished.finishReason()) {
            case STOP, TOOL_CALLS, UNKNOWN ->
                new ResponseStatus(Phase.ENDED, "completed", "completed", NULL, NULL, usage);
            case LENGTH -> incomplete("max_output_tokens", usage);
            case CONTENT_FILTER -> incomplete("content_filter", usage);
            case CANCELLED ->
                new ResponseStatus(
                        Phase.FAILED, "cancelled", INCOMPLETE, error(OpenAiFailure.cancelled()), NULL, usage);
        };
    }

    private static ResponseStatus incomplete(String reason, String usage) {
        return new ResponseStatus(Phase.ENDED, INCOMPLETE, INCOMPLETE, NULL, "{\"reason\":\"" + reason + "\"}", usage);
    }

    /** The generation has failed. */
    public static ResponseStatus failed(ErrorResponse error) {
        return new ResponseStatus(Phase.FAILED, "failed", INCOMPLETE, error(error), NULL, NULL);
    }

    /** Whether the last event of a stream is {@code response.failed}. */
    boolean isFailure() {
        return phase == Phase.FAILED;
    }

    private static String error(ErrorResponse error) {
        String code = Objects.requireNonNullElse(OpenAiError.code(error), "server_error");
        return "{\"code\":" + EscapedText.of(code).json() + ",\"message\":"
                + EscapedText.of(error.message()).json()
                + ",\"misalignment\":null,\"param\":" + JsonText.quotedOrNull(error.param()) + ",\"type\":\""
                + error.type().wireName() + "\"}";
    }

    /** The member {@code estimated} is present only where it is true. */
    private static String usage(Usage usage) {
        return "{\"input_tokens\":" + usage.promptTokens()
                + ",\"input_tokens_details\":{\"cache_write_tokens\":0,\"cached_tokens\":0,"
                + "\"cache_write_tokens_details\":null},\"output_tokens\":" + usage.completionTokens()
                + ",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":" + usage.totalTokens()
                + (usage.estimated() ? ",\"estimated\":true" : "") + "}";
    }
}
