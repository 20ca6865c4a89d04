package dev.runnel.conformance.session;

/** What a key of the run is for. */
public enum KeyRole {
    /** The key of all ordinary requests. */
    MAIN,
    /** Another key of the same caller. */
    SECOND,
    /** A key of another caller. */
    OTHER,
    /** A key without the scope {@code generate}. */
    OBSERVE,
    /** A key without the scope {@code observe}. */
    GENERATE,
    /** A key with few requests and tokens per minute. */
    LIMITED,
    /** A key with few generations at once. */
    CONCURRENT,
    /** A key whose plan allows fewer tokens and models than the main one. */
    NARROW,
    EXPIRED,
    REVOKED
}
