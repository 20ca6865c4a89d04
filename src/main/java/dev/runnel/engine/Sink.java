package dev.runnel.engine;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one generation produces: any number of pieces, then exactly one of {@link #completed} and {@link #failed}, and
 * nothing behind it. The end means that the place in the engine is free.
 */
public interface Sink {

    /**
     * More was generated.
     *
     * @param text whole code points; empty where a token's text is held back
     * @param tokens how many tokens this stands for, 0 or more
     */
    void piece(EscapedText text, int tokens);

    /** The generation ended; after {@link GenerationHandle#cancel()} with {@code CANCELLED} unless it had ended before. */
    void completed(Completion completion);

    void failed(Failure failure);

    /**
     * The trace context that a request to another server stands in, as the value of a {@code traceparent} header (W3C Trace
     * Context, section 3.2); {@code null} where there is none. From before the first call of the sink.
     */
    default @Nullable String traceparent() {
        return null;
    }
}
