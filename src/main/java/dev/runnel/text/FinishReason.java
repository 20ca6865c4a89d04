package dev.runnel.text;

/** Why a generation that did not fail ended. */
public enum FinishReason {
    /** The model ended, or a stop sequence was reached. */
    STOP,
    /** {@code maxTokens} was reached. */
    LENGTH,
    /** An upstream held the rest back. */
    CONTENT_FILTER,
    /** It was cancelled by name while a client read it. */
    CANCELLED,
    /** The model called tools. Clients of Runnel's own routes see {@code stop}. */
    TOOL_CALLS,
    /** A reason that this version does not know, from a newer node. Clients see {@code stop}. */
    UNKNOWN;

    /**
     * The word in the stream's {@code finishReason}.
     *
     * @return lower case
     */
    public String wireName() {
        return switch (this) {
            case STOP, TOOL_CALLS, UNKNOWN -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
            case CANCELLED -> "cancelled";
        };
    }
}
