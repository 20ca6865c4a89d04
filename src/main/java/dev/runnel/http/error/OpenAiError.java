package dev.runnel.http.error;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** An error as OpenAI-compatible routes send it: four members, always. More errors have a code than elsewhere. */
public final class OpenAiError {

    private OpenAiError() {}

    /** {@code {"error":{…}}}, on one line. */
    static Buffer json(ErrorResponse error) {
        return Buffer.buffer(body(error));
    }

    /** The same object as one SSE event with a name: one client library sees an error only by the name. */
    public static Buffer event(ErrorResponse error) {
        return Buffer.buffer("event: error\ndata: " + body(error) + "\n\n");
    }

    /** Client libraries retry these statuses by default, and a new try is the same again or as slow again. */
    static boolean forbidsRetry(ErrorResponse error) {
        return error.status() == 504 || (error.status() == 409 && !"in_progress".equals(error.code()));
    }

    private static String body(ErrorResponse error) {
        return '{' + member(error) + '}';
    }

    /** {@code "error":{…}}, a member of a JSON object. */
    public static String member(ErrorResponse error) {
        return "\"error\":{\"message\":" + ErrorResponse.quoted(error.message()) + ",\"type\":\""
                + error.type().wireName() + "\",\"param\":" + orNull(error.param()) + ",\"code\":"
                + orNull(code(error)) + '}';
    }

    private static String orNull(@Nullable String text) {
        return text == null ? "null" : ErrorResponse.quoted(text);
    }

    /** The code of an error; {@code null} for one without. */
    public static @Nullable String code(ErrorResponse error) {
        if (error.code() != null) {
            return error.code();
        }
        return switch (error.type()) {
            case AUTHENTICATION -> "invalid_api_key";
            case NOT_FOUND -> "model".equals(error.param()) ? "model_not_found" : null;
            case RATE_LIMIT -> "rate_limit_exceeded";
            case TIMEOUT -> "timeout";
            case API -> error.status() == 502 ? "upstream_failed" : null;
            default -> null;
        };
    }
}
