package dev.runnel.conformance.session;

/** What a case needs of the server or of the run. */
public enum Need {
    /** {@code GET} and {@code DELETE /v1/generate/{id}}. */
    BY_ID,
    RESUME,
    MESSAGES,
    RESPONSE_FORMAT,
    THINKING,
    OPENAI,
    CORS,
    TLS,
    PLAIN,
    SECOND_KEY,
    OTHER_KEY,
    OBSERVE_KEY,
    GENERATE_KEY,
    LIMITED_KEY,
    CONCURRENT_KEY,
    NARROW_KEY,
    EXPIRED_KEY,
    REVOKED_KEY,
    UNICODE,
    SLOW,
    SILENT,
    SINGLE,
    FAILING,
    DEAD,
    LOAD
}
