package dev.runnel.text;

/**
 * Why a generation was refused or failed. Engines, bus and HTTP share these codes. Only the room {@code http} knows the
 * HTTP status of each.
 */
public enum FailureCode {
    /** A code that this version does not know, from a newer node. */
    UNKNOWN,
    /** The request breaks a rule; {@code param} names the field. */
    INVALID_REQUEST,
    /** No model of that name. */
    UNKNOWN_MODEL,
    /** The model is configured but does not work now. */
    MODEL_UNAVAILABLE,
    /** Every place to run and to wait that the caller may have is taken. */
    FULL,
    /** The node stops soon and accepts nothing new. */
    DRAINING,
    /** The wait in the queue was over its limit. */
    QUEUE_TIMEOUT,
    /** No first token in time. */
    FIRST_TOKEN_TIMEOUT,
    /** No further token in time. */
    NEXT_TOKEN_TIMEOUT,
    /** The engine failed: the service's fault. */
    ENGINE_FAILED,
    /** An upstream server failed, or its answer was not understood. */
    UPSTREAM_FAILED,
    /** An upstream server is over its own limit. */
    UPSTREAM_OVERLOADED,
    /** Messages between generator and consumer were lost. */
    LOST,
    /** Cancelled by its consumer, which does not wait for the end. */
    CANCELLED,
    /** Its place in the queue was given to a request of another key, which had none waiting. */
    DISPLACED,
    /** No client read it within the grace time. */
    ABANDONED,
    /** The prompt does not fit the model's context with one token to generate; {@code param} names the field. */
    CONTEXT_EXCEEDED,
    /** This part of a cluster has fewer members than it needs to accept generations. */
    CLUSTER
}
