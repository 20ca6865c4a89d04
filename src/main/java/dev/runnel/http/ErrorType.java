package dev.runnel.http;

/** The word in an error's {@code type}; clients branch on it. */
enum ErrorType {
    INVALID_REQUEST("invalid_request_error"),
    AUTHENTICATION("authentication_error"),
    PERMISSION("permission_error"),
    NOT_FOUND("not_found_error"),
    RATE_LIMIT("rate_limit_error"),
    API("api_error"),
    OVERLOADED("overloaded_error"),
    TIMEOUT("timeout_error");

    private final String wireName;

    ErrorType(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}
