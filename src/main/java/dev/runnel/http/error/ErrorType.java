package dev.runnel.http.error;

import java.util.List;

/** The values of an error's {@code type}; clients branch on them. Some are refined by a {@code code}. */
public enum ErrorType {
    INVALID_REQUEST("invalid_request_error"),
    AUTHENTICATION("authentication_error"),
    PERMISSION("permission_error"),
    NOT_FOUND("not_found_error"),
    CONFLICT("conflict_error"),
    RATE_LIMIT("rate_limit_error"),
    API("api_error"),
    OVERLOADED("overloaded_error"),
    TIMEOUT("timeout_error");

    private final String wireName;

    ErrorType(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** Every {@code code} that may refine this type. */
    List<String> codes() {
        return switch (this) {
            case INVALID_REQUEST -> List.of("exceeds_plan", "context_length_exceeded", "unsupported_value");
            case NOT_FOUND -> List.of("model_not_found");
            case CONFLICT -> List.of("in_progress", "idempotency_mismatch", "not_resumable", "diverged");
            case API -> List.of("lost");
            case RATE_LIMIT -> List.of("concurrency", "readers");
            case OVERLOADED -> List.of("draining", "displaced", "cluster");
            case TIMEOUT -> List.of("abandoned");
            default -> List.of();
        };
    }
}
