package dev.runnel.http.error;

import dev.runnel.auth.AuthException;
import dev.runnel.text.GenerationException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response to a request whose future failed. */
public final class FailedRequest {

    private static final Logger LOG = LoggerFactory.getLogger(FailedRequest.class);

    private FailedRequest() {}

    /**
     * The error that a client receives for a failure. An unexpected failure is logged with its cause, and becomes a 500
     * that names the request.
     */
    public static ErrorResponse response(Throwable cause, String requestId) {
        if (cause instanceof RefusedException refused) {
            return refused.answer();
        }
        if (cause instanceof GenerationException generation) {
            return ErrorResponse.of(generation.failure());
        }
        if (cause instanceof AuthException auth) {
            return ErrorResponse.unauthenticated(Objects.requireNonNullElse(auth.getMessage(), "no valid API key"));
        }
        LOG.atError().addKeyValue("request", requestId).setCause(cause).log("request failed");
        return ErrorResponse.internal(requestId);
    }
}
