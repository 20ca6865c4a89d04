package dev.runnel.text;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One failure, as it may be told to a caller.
 *
 * @param message what was wrong and what to do; never a stack trace, class name, path, key or prompt
 * @param param the request's field at fault, or {@code null}
 * @param retryAfterSeconds when a new try makes sense, 1 or more; 0 where that is not known
 */
public record Failure(
        FailureCode code, String message, @Nullable String param, int retryAfterSeconds) {

    /** A load balancer has another one by then, and a single node may be back. */
    private static final int RETRY_WHEN_DRAINING_SECONDS = 5;

    public Failure {
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
        if (retryAfterSeconds < 0) {
            throw new IllegalArgumentException("retryAfterSeconds: " + retryAfterSeconds + " (expected: >= 0)");
        }
    }

    /** What everything new is refused with, and at last what still runs is ended with, once the service is about to stop. */
    public static Failure draining() {
        return new Failure(
                FailureCode.DRAINING,
                "the service is about to stop; try again soon",
                null,
                RETRY_WHEN_DRAINING_SECONDS);
    }

    public static Failure of(FailureCode code, String message) {
        return new Failure(code, message, null, 0);
    }

    public static Failure invalid(String param, String message) {
        return new Failure(FailureCode.INVALID_REQUEST, message, param, 0);
    }

    public static Failure full(String message, int retryAfterSeconds) {
        return new Failure(FailureCode.FULL, message, null, retryAfterSeconds);
    }
}
