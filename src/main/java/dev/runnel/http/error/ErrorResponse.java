package dev.runnel.http.error;

import dev.runnel.http.connection.HeadLimits;
import dev.runnel.limit.LimitDecision;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.Quote;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One error as a client receives it. The only place that maps a generation's failures and refusals to statuses.
 *
 * @param status the HTTP status; unused once another status is sent
 * @param message what was wrong and what to do; never a stack trace, class name, path, key or prompt
 * @param param the field at fault, or {@code null}
 * @param code refines the type, or {@code null}
 * @param retryAfterSeconds for {@code Retry-After}; 0 omits the header
 */
public record ErrorResponse(
        int status,
        ErrorType type,
        String message,
        @Nullable String param,
        @Nullable String code,
        int retryAfterSeconds) {

    /** For a failure that gives no time for a retry. */
    private static final int DEFAULT_RETRY_AFTER_SECONDS = 5;

    public static ErrorResponse of(Failure failure) {
        return switch (failure.code()) {
            case INVALID_REQUEST, CONTEXT_EXCEEDED -> invalid(failure.param(), failure.message());
            case UNKNOWN_MODEL -> of(failure, 404, ErrorType.NOT_FOUND, "model", null);
            case MODEL_UNAVAILABLE -> of(failure, 503, ErrorType.OVERLOADED, "model", null);
            case FULL, QUEUE_TIMEOUT, UPSTREAM_OVERLOADED -> of(failure, 503, ErrorType.OVERLOADED, null, null);
            case DRAINING -> of(failure, 503, ErrorType.OVERLOADED, null, "draining");
            case CLUSTER -> of(failure, 503, ErrorType.OVERLOADED, null, "cluster");
            case DISPLACED -> of(failure, 503, ErrorType.OVERLOADED, null, "displaced");
            case FIRST_TOKEN_TIMEOUT, NEXT_TOKEN_TIMEOUT -> of(failure, 504, ErrorType.TIMEOUT, null, null);
            case ABANDONED -> of(failure, 504, ErrorType.TIMEOUT, null, "abandoned");
            case UPSTREAM_FAILED -> of(failure, 502, ErrorType.API, null, null);
            case LOST -> of(failure, 500, ErrorType.API, null, "lost");
            case ENGINE_FAILED, CANCELLED, UNKNOWN -> of(failure, 500, ErrorType.API, null, null);
        };
    }

    public static ErrorResponse of(LimitDecision.Refused refused) {
        return switch (refused.reason()) {
            case REQUESTS, TOKENS -> of(refused, 429, ErrorType.RATE_LIMIT, null);
            case CONCURRENCY -> of(refused, 429, ErrorType.RATE_LIMIT, "concurrency");
            case EXCEEDS_PLAN -> of(refused, 400, ErrorType.INVALID_REQUEST, "exceeds_plan");
            case CROWDED -> of(refused, 503, ErrorType.OVERLOADED, null);
            case UNDECIDED -> of(refused, 503, ErrorType.OVERLOADED, "cluster");
        };
    }

    private static ErrorResponse of(LimitDecision.Refused refused, int status, ErrorType type, @Nullable String code) {
        return new ErrorResponse(status, type, refused.message(), null, code, refused.retryAfterSeconds());
    }

    private static ErrorResponse of(
            Failure failure, int status, ErrorType type, @Nullable String param, @Nullable String code) {
        int retryAfter = failure.retryAfterSeconds();
        if (type == ErrorType.OVERLOADED && retryAfter == 0) {
            retryAfter = DEFAULT_RETRY_AFTER_SECONDS;
        }
        return new ErrorResponse(status, type, failure.message(), param, code, retryAfter);
    }

    public static ErrorResponse invalid(@Nullable String param, String message) {
        return new ErrorResponse(400, ErrorType.INVALID_REQUEST, message, param, null, 0);
    }

    /** A request that breaks a rule which has a code. */
    public static ErrorResponse invalid(@Nullable String param, String message, String code) {
        return new ErrorResponse(400, ErrorType.INVALID_REQUEST, message, param, code, 0);
    }

    public static ErrorResponse bodyTooLarge(int maxBytes) {
        return new ErrorResponse(
                413,
                ErrorType.INVALID_REQUEST,
                "body: too large (expected: at most " + maxBytes + " bytes)",
                null,
                null,
                0);
    }

    public static ErrorResponse unsupportedMediaType(String message) {
        return new ErrorResponse(415, ErrorType.INVALID_REQUEST, message, null, null, 0);
    }

    public static ErrorResponse unauthenticated(String message) {
        return new ErrorResponse(401, ErrorType.AUTHENTICATION, message, null, null, 0);
    }

    public static ErrorResponse forbidden(@Nullable String param, String message) {
        return new ErrorResponse(403, ErrorType.PERMISSION, message, param, null, 0);
    }

    /** The same for a name that never existed and for a model that the caller may not use. */
    public static ErrorResponse unknownModel(String name) {
        return new ErrorResponse(
                404,
                ErrorType.NOT_FOUND,
                "model: \"" + Quote.cut(name) + "\" (expected: a name that GET /v1/models lists)",
                "model",
                "model_not_found",
                0);
    }

    /** The same for an id that never existed and for a generation of another caller. */
    public static ErrorResponse unknownGeneration() {
        return new ErrorResponse(
                404,
                ErrorType.NOT_FOUND,
                "generation: unknown (expected: the id of a generation of this caller that runs or is kept)",
                null,
                null,
                0);
    }

    /** The idempotency key or the generation cannot be used like that. */
    public static ErrorResponse conflict(String code, String message, int retryAfterSeconds) {
        return new ErrorResponse(409, ErrorType.CONFLICT, message, null, code, retryAfterSeconds);
    }

    public static ErrorResponse tooManyReaders(int most) {
        return new ErrorResponse(
                429,
                ErrorType.RATE_LIMIT,
                "generation: has " + most + " readers (expected: at most " + most
                        + "; close another stream of it and try again)",
                null,
                "readers",
                1);
    }

    /** A generation may still be kept, but what guards it does not answer. */
    public static ErrorResponse generationIsSilent() {
        return new ErrorResponse(
                503,
                ErrorType.OVERLOADED,
                "generation: does not answer in time; try again in " + DEFAULT_RETRY_AFTER_SECONDS + " s",
                null,
                "cluster",
                DEFAULT_RETRY_AFTER_SECONDS);
    }

    /** No further resumable generation can be kept. */
    public static ErrorResponse nothingCanBeKept() {
        return new ErrorResponse(
                503,
                ErrorType.OVERLOADED,
                "Idempotency-Key: no further generation can be kept now; try again later, or without the key",
                null,
                null,
                DEFAULT_RETRY_AFTER_SECONDS);
    }

    public static ErrorResponse noSuchRoute() {
        return new ErrorResponse(404, ErrorType.NOT_FOUND, "no such route", null, null, 0);
    }

    public static ErrorResponse methodNotAllowed(String allowed) {
        return new ErrorResponse(
                405, ErrorType.NOT_FOUND, "method not allowed here (expected: " + allowed + ")", null, null, 0);
    }

    static ErrorResponse internal(String requestId) {
        return new ErrorResponse(
                500,
                ErrorType.API,
                "internal error (the operator finds it in the log as request " + requestId + ")",
                null,
                null,
                0);
    }

    /** {@code {"error":{…}}}, on one line. */
    public Buffer json() {
        return Buffer.buffer(body());
    }

    /** The same object as one SSE event. */
    public Buffer event() {
        return Buffer.buffer("data: " + body() + "\n\n");
    }

    private String body() {
        return '{' + member() + '}';
    }

    /** {@code "error":{…}}, a member of a JSON object. */
    public String member() {
        StringBuilder body = new StringBuilder(128);
        body.append("\"error\":{\"type\":\"").append(type.wireName()).append("\",\"message\":");
        body.append(quoted(message));
        if (param != null) {
            body.append(",\"param\":").append(quoted(param));
        }
        if (code != null) {
            body.append(",\"code\":").append(quoted(code));
        }
        return body.append('}').toString();
    }

    /** A string of JSON. It is escaped like generated text, so that no reader sees the end of a line in it. */
    static String quoted(String text) {
        byte[] wellFormed = text.getBytes(StandardCharsets.UTF_8);
        return '"' + EscapedText.ofUtf8(wellFormed, 0, wellFormed.length).escapedString() + '"';
    }

    /** The request line or the headers are longer than the service reads. */
    public static ErrorResponse headTooLong() {
        return new ErrorResponse(
                431,
                ErrorType.INVALID_REQUEST,
                "request: its line or its headers are too long (expected: at most " + HeadLimits.REQUEST_LINE_BYTES
                        + " bytes, and " + HeadLimits.HEADER_BYTES + " bytes)",
                null,
                null,
                0);
    }

    /**
     * The request is not well-formed HTTP.
     *
     * @param brokenRule what is wrong, in the form {@code name: value (expected: rule)}; empty where it is unknown
     */
    public static ErrorResponse undecodable(Optional<String> brokenRule) {
        return invalid(null, brokenRule.orElse("request: malformed (expected: well-formed HTTP/1.1 or HTTP/2)"));
    }
}
