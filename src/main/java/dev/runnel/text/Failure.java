package dev.runnel.text;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One failure, in a form that a caller may see.
 *
 * @param code what kind of failure
 * @param message what was wrong and what to do; never a stack trace, class name, path, key or prompt
 * @param param the request's field at fault, or {@code null}
 * @param retryAfterSeconds when a new try makes sense, 1 or more; 0 where that is not known
 */
public record Failure(
        FailureCode code, String message, @Nullable String param, int retryAfterSeconds) {

    /** By then a load balancer has found another node, and a single node may have restarted. */
    private static final int RETRY_WHEN_DRAINING_SECONDS = 5;

    private static final String CONTINUATION = "continuation";

    /**
     * Checks the delay.
     *
     * @throws IllegalArgumentException if {@code retryAfterSeconds} is negative
     */
    public Failure {
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
        if (retryAfterSeconds < 0) {
            throw new IllegalArgumentException("retryAfterSeconds: " + retryAfterSeconds + " (expected: >= 0)");
        }
    }

    /**
     * The service stops soon. New requests are refused with it, and at the end of the drain it ends what still runs.
     *
     * @return {@code DRAINING}
     */
    public static Failure draining() {
        return new Failure(
                FailureCode.DRAINING,
                "the service is about to stop; try again soon",
                null,
                RETRY_WHEN_DRAINING_SECONDS);
    }

    /**
     * A failure without a field and without a delay.
     *
     * @param code what kind of failure
     * @param message what was wrong and what to do
     * @return the failure
     */
    public static Failure of(FailureCode code, String message) {
        return new Failure(code, message, null, 0);
    }

    /**
     * A request that breaks a rule.
     *
     * @param param the field at fault
     * @param message {@code field: value (expected: rule)}
     * @return {@code INVALID_REQUEST}
     */
    public static Failure invalid(String param, String message) {
        return new Failure(FailureCode.INVALID_REQUEST, message, param, 0);
    }

    /**
     * A prompt that does not fit the model's context with one token to generate.
     *
     * @param promptTokens its tokens
     * @param contextTokens the context, prompt and completion together
     * @return {@code CONTEXT_EXCEEDED}
     */
    public static Failure contextExceeded(int promptTokens, int contextTokens) {
        return contextExceeded(promptTokens + " tokens", contextTokens, "");
    }

    /**
     * The same for a prompt that is so long that its tokens are not counted.
     *
     * @param promptBytes its bytes in UTF-8
     * @param maxBytes the most bytes that may fit
     * @param contextTokens the context, prompt and completion together
     * @return {@code CONTEXT_EXCEEDED}
     */
    public static Failure contextExceeded(long promptBytes, long maxBytes, int contextTokens) {
        return contextExceeded(promptBytes + " bytes", contextTokens, ", at most " + maxBytes + " bytes");
    }

    private static Failure contextExceeded(String length, int contextTokens, String rule) {
        // Client libraries look for these very words.
        String words = ", but this model's maximum context length is " + contextTokens + " tokens";
        return new Failure(FailureCode.CONTEXT_EXCEEDED, "prompt: " + length + words + rule, "prompt", 0);
    }

    /**
     * The same failure, where its field has another name for the caller.
     *
     * @param field the name in this failure
     * @param callersName the name in the caller's request
     * @return a failure with that name as {@code param} and at the start of the message; this one if its field is
     *     another
     */
    public Failure renamed(String field, String callersName) {
        if (!field.equals(param)) {
            return this;
        }
        String rest = message.startsWith(field + ":") ? message.substring(field.length()) : ": " + message;
        return new Failure(code, callersName + rest, callersName, retryAfterSeconds);
    }

    /**
     * Its place in the queue was given to a request of another key, which had none waiting.
     *
     * @param retryAfterSeconds when a new try makes sense, 1 or more
     * @return {@code DISPLACED}
     */
    public static Failure displaced(int retryAfterSeconds) {
        return new Failure(
                FailureCode.DISPLACED,
                "the queue is full, and another key had no waiting request and got the place of this one;"
                        + " try again in " + retryAfterSeconds + " s",
                null,
                retryAfterSeconds);
    }

    /**
     * An engine has started a text again that it was asked to go on with. No other generator of the model is asked.
     *
     * @param message what was wrong and what to do
     * @return {@code LOST} with a field
     */
    public static Failure notContinued(String message) {
        return new Failure(FailureCode.LOST, message, CONTINUATION, 0);
    }

    /**
     * Whether another generator may go on with the text.
     *
     * @return {@code true} after {@code LOST}, except after {@link #notContinued}
     */
    public boolean mayGoOnElsewhere() {
        return code == FailureCode.LOST && !CONTINUATION.equals(param);
    }

    /**
     * Every place is taken.
     *
     * @param message which places, and what to do
     * @param retryAfterSeconds when a new try makes sense, 1 or more
     * @return {@code FULL}
     */
    public static Failure full(String message, int retryAfterSeconds) {
        return new Failure(FailureCode.FULL, message, null, retryAfterSeconds);
    }
}
