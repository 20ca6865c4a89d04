package dev.runnel.engine.openai;

import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import java.util.Set;

/** How one request to an upstream ended by itself. */
sealed interface UpstreamEnd {

    /**
     * The text is complete.
     *
     * @param remark what operators should check about this upstream, or empty
     */
    record Completed(FinishReason reason, String remark) implements UpstreamEnd {}

    /**
     * The request failed.
     *
     * @param failure what the caller receives
     * @param elsewhere whether another upstream may be tried, if no text has arrived
     * @param retryAfterSeconds how long the upstream asked for no requests, or 0
     * @param why for operators
     */
    record Failed(UpstreamOutcome outcome, Failure failure, boolean elsewhere, int retryAfterSeconds, String why)
            implements UpstreamEnd {

        private static Failed here(UpstreamOutcome outcome, Failure failure, String why) {
            return new Failed(outcome, failure, false, 0, why);
        }

        private static Failed elsewhere(UpstreamOutcome outcome, Failure failure, String why) {
            return new Failed(outcome, failure, true, 0, why);
        }
    }

    /**
     * A reused connection broke within a second, before an answer. Most likely the upstream had closed it because it
     * was idle (RFC 9112 section 9.3.1). That is no failure of the upstream.
     *
     * @param failed how it counts if it happens again
     */
    record Stale(Failed failed) implements UpstreamEnd {}

    /** There was no connection, or it broke before an answer. */
    static Failed unreachable(Throwable cause) {
        Failure failure = failed("the model's server cannot be reached: try again later");
        String why = "no connection (" + cause.getClass().getSimpleName() + ")";
        return Failed.elsewhere(UpstreamOutcome.UNREACHABLE, failure, why);
    }

    /** The stream ended early, or the response is not a stream. */
    static Failed garbage(String why) {
        return Failed.elsewhere(
                UpstreamOutcome.FAILED, failed("the model's server broke off or failed: try again"), why);
    }

    /** This service failed, and not the upstream. */
    static Failed ownFailure(String why) {
        Failure failure = Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again");
        return Failed.here(UpstreamOutcome.CANCELLED, failure, why);
    }

    /**
     * This service has no memory for an event of the upstream. Another upstream would send an event of that size too.
     *
     * @param failure what the caller receives
     */
    static Failed overMemory(Failure failure) {
        return Failed.here(UpstreamOutcome.CANCELLED, failure, failure.message());
    }

    /**
     * The upstream was silent for too long.
     *
     * @param started whether text had arrived before
     */
    static Failed silent(boolean started, long millis) {
        Failure failure = started
                ? Failure.of(FailureCode.NEXT_TOKEN_TIMEOUT, "the model's server stopped in the middle: try again")
                : Failure.of(FailureCode.FIRST_TOKEN_TIMEOUT, "the model's server did not start in time: try again");
        return Failed.elsewhere(UpstreamOutcome.SILENT, failure, "silent for " + millis + " ms");
    }

    /**
     * The upstream's answer is not a stream.
     *
     * @param status of HTTP, not 200
     * @param retryAfterSeconds from its header, or 0
     */
    static Failed refused(int status, int retryAfterSeconds) {
        return refused(status, retryAfterSeconds, "status " + status);
    }

    /**
     * The upstream refuses the request for a reason.
     *
     * @param reason from the answer's body
     * @param defaulted the fields of the request that the model's entry set
     */
    static Failed refused(int status, RefusalReason reason, Set<String> defaulted) {
        String why = "status " + status + (reason.names().isEmpty() ? "" : " (" + reason + ")");
        return reason.namesOwnField(defaulted)
                ? denied("the model's server refused a part of the request that this service adds", why)
                : refused(status, 0, why);
    }

    private static Failed refused(int status, int retryAfterSeconds, String why) {
        return switch (status) {
            case 400, 413, 422 -> Failed.here(UpstreamOutcome.REFUSED, invalid(), why);
            case 401, 402, 403 -> denied("the model's server refused the service's key", why);
            case 404 -> denied("the model's server does not know the model", why);
            case 408 -> denied("the model's server did not wait for the request: try again", why);
            case 429, 503 -> {
                String message = "the model's server is over its limit: try again later";
                Failure failure = Upstreams.overloaded(message, retryAfterSeconds);
                yield new Failed(UpstreamOutcome.OVERLOADED, failure, true, retryAfterSeconds, why);
            }
            default -> {
                Failure failure = failed("the model's server failed: try again");
                yield Failed.elsewhere(UpstreamOutcome.FAILED, failure, why);
            }
        };
    }

    private static Failed denied(String message, String why) {
        return Failed.elsewhere(UpstreamOutcome.DENIED, failed(message), why);
    }

    private static Failure failed(String message) {
        return Failure.of(FailureCode.UPSTREAM_FAILED, message);
    }

    /** Without the upstream's own words, which may repeat the prompt or a key. */
    private static Failure invalid() {
        return Failure.of(
                FailureCode.INVALID_REQUEST,
                "the model's server refused the request: the prompt with maxTokens may not fit its context, or a value"
                        + " does not suit it");
    }
}
