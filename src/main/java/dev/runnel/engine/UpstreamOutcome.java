package dev.runnel.engine;

/** How one request to an upstream server ended. */
public enum UpstreamOutcome {
    /** The text is complete. */
    COMPLETED,
    /** The caller left. */
    CANCELLED,
    /** It refused the request: 400, 422. */
    REFUSED,
    /** It refused the credentials of this service, or does not know the model: 401, 403, 404. */
    DENIED,
    /** A limit of the server is exceeded: 429, 503. */
    OVERLOADED,
    /** No connection, or one that was lost before the response. */
    UNREACHABLE,
    /** Another status, an unreadable response, an error event, or an early end. */
    FAILED,
    /** It sent nothing for too long. */
    SILENT
}
