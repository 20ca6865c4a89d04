package dev.runnel.text;

/** Why a generation that did not fail came to its end. */
public enum FinishReason {
    /** The model ended, or a stop sequence was reached. */
    STOP,
    /** {@code maxTokens} was reached. */
    LENGTH,
    /** An upstream held the rest back. */
    CONTENT_FILTER,
    /** Somebody cancelled it by name while it was read. */
    CANCELLED;

    /** The word in the stream's {@code finishReason}. */
    public String wireName() {
        return switch (this) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
            case CANCELLED -> "cancelled";
        };
    }
}
