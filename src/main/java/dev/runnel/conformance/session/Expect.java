package dev.runnel.conformance.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Unmet;

/** Checks what a case expects. Each method throws {@link Unmet} if the server did something else. */
public final class Expect {

    private static final String[] LEAKS = {
        "Exception", "java.", "io.vertx", "io.netty", "\tat ", " at dev.", ".java:", "Traceback", "goroutine "
    };

    private Expect() {}

    /**
     * Throws unless the expectation is met.
     *
     * @param came what the server sent, for the message
     */
    public static void that(boolean isMet, String expected, Object came) {
        if (!isMet) {
            throw new Unmet(expected, came);
        }
    }

    public static void equal(String what, Object expected, Object came) {
        that(expected.equals(came), what + " " + expected, came);
    }

    public static void status(int expected, Answer answer) {
        that(answer.status() == expected, "status " + expected, shown(answer));
    }

    /** What a failure shows of an answer. */
    public static String shown(Answer answer) {
        return answer.status() + " " + answer.body();
    }

    /** A refusal of this status and type in a valid form; returns its error. */
    public static JsonNode refusal(int status, String type, Answer answer) {
        status(status, answer);
        JsonNode error = answer.error();
        that(error.isObject(), "a body {\"error\":{…}}", shown(answer));
        equal("error.type", type, error.path("type").asText());
        that(!error.path("message").asText().isEmpty(), "error.message, not empty", error);
        that(
                error.path("param").isMissingNode() || error.path("param").isTextual() || isOpenAi(error),
                "error.param, a string or absent",
                error);
        doesNotLeak(error.path("message").asText());
        return error;
    }

    private static boolean isOpenAi(JsonNode error) {
        return error.path("param").isNull() && error.has("code");
    }

    /** No stack trace, class name or file path. */
    public static void doesNotLeak(String message) {
        for (String leak : LEAKS) {
            that(!message.contains(leak), "a message without a stack trace, class name or path", message);
        }
    }

    /** A refusal with status 400 that names this field. */
    public static JsonNode invalid(String param, Answer answer) {
        JsonNode error = refusal(400, "invalid_request_error", answer);
        equal("error.param", param, error.path("param").asText());
        return error;
    }

    /** A whole answer of {@code POST /v1/generate}; returns it. */
    public static JsonNode generated(Answer answer) {
        status(200, answer);
        JsonNode body = answer.json();
        that(body.path("text").isTextual(), "a member text, a string", body);
        return body;
    }
}
