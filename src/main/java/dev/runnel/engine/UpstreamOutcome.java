package dev.runnel.engine;

/** How one request to an upstream server ended. */
public enum UpstreamOutcome {
    /** The text was complete. */
    COMPLETED,
    /** The caller left. */
    CANCELLED,
    /** It refused the request: 400, 413, 422. */
    REFUSED,
    /** It refused this service, or does not know the model: 401, 402, 403, 404, 408. */
    DENIED,
    /** It is over a limit of its own: 429, 503. */
    OVERLOADED,
    /** No connection, or one that broke before the answer. */
    UNREACHABLE,
    /** Another status, an answer that was not understood, an error event, or an early end. */
    FAILED,
    /** It was silent for too long. */
    SILENT
}
