package dev.runnel.text;

/**
 * Why a generation was refused or failed: the one vocabulary of engines, bus and HTTP. The HTTP status of each is known to
 * {@code http} alone.
 */
public enum FailureCode {
    /** The request breaks a rule; {@code param} names the field. */
    INVALID_REQUEST,
    /** No model of that name. */
    UNKNOWN_MODEL,
    /** The model is configured but does not work now. */
    MODEL_UNAVAILABLE,
    /** Every place to run and to wait that the caller may have is taken. */
    FULL,
    /** The node is about to stop and takes nothing new. */
    DRAINING,
    /** The wait in the queue was over its limit. */
    QUEUE_TIMEOUT,
    /** No first token in time. */
    FIRST_TOKEN_TIMEOUT,
    /** No further token in time. */
    NEXT_TOKEN_TIMEOUT,
    /** The engine failed: our fault. */
    ENGINE_FAILED,
    /** An upstream server failed or answered nonsense. */
    UPSTREAM_FAILED,
    /** An upstream server is over its own limit. */
    UPSTREAM_OVERLOADED,
    /** Messages between generator and consumer were lost. */
    LOST,
    /** Cancelled by its consumer; nobody is left to be told. */
    CANCELLED
}
